"""What to try once `make up` has deployed the sample mesh: ``python -m mesh_infra.cli.whatnext``."""

from __future__ import annotations

from mesh_infra.cli.output import FAINT, HEADING, Output

STEPS = (
    ("mesh show sales_orders --env local --role marketing", "which columns marketing reads, and how to query them"),
    ("mesh manifest --env local --scope sales", "everything that sales has on AWS, with the lines that ask for it"),
    ("mesh local exec -- pulumi preview", "nothing to do: what is deployed is what the files say"),
)


def main() -> None:
    """Print it."""
    output = Output()
    output.line()
    output.line(("Try next", HEADING), " (after: source .venv/bin/activate)")
    for command, what in STEPS:
        output.line(f"  {command}")
        output.line((f"      {what}", FAINT))
    output.line("  In contracts/checkout/checkout_orders_summary.yaml give marketing 'read' in")
    output.line("  place of 'read_masked', then preview again: one permission is replaced, and its")
    output.line("  filter goes. 'make up' applies it, 'make down' takes all of it down.")


if __name__ == "__main__":
    main()
