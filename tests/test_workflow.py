"""The workflows of GitHub Actions: what they may do, and that their scripts do what they should."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from mesh_infra.authoring.initialize import OWNERS, NewMesh, new_mesh_files
from mesh_infra.local.pulumi.versions import CLI_VERSION
from tests.cli.repository import CLEAR, ORDERS, changed
from tests.meshes import DOMAIN, MESH
from tests.review.repository import Repo

ROOT = Path(__file__).parents[1]
LINTER = Path(sys.executable).with_name("zizmor")
PER_DOMAIN = MESH.replace("    region: eu-west-1\n", "    region: eu-west-1\n    stacks: per-domain\n")
NEEDS_AWS = {"preview", "deploy-first", "deploy-second", "deploy-third", "deploy"}
ACTION = ".github/actions/mesh-tools/action.yml"
WORKFLOW = ".github/workflows/mesh.yml"
DEPLOY = ".github/workflows/mesh-deploy.yml"
INSTALL = "    - name: Install what "
"""Where the one difference begins: mesh-infra comes from this checkout here, from its pinned package elsewhere."""

Yaml = Any


def load(text: str) -> Yaml:
    # BaseLoader: in YAML 1.1 the key 'on' is a boolean.
    return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - makes nothing but text


NEW = new_mesh_files(NewMesh("acme"))
"""What `mesh init` writes."""
COPIED = sorted(path for path in NEW if path.startswith((".github/", "docs/")) and path != OWNERS)
OURS = {path: (ROOT / path).read_text(encoding="utf-8") for path in COPIED}
# What this repository runs, and what in a new one is not the same.
FILES = {path: OURS[path] for path in (ACTION, WORKFLOW, DEPLOY)} | {f"new/{ACTION}": NEW[ACTION]}
WORKFLOWS = {Path(path).name: load(OURS[path]) for path in (WORKFLOW, DEPLOY)}
JOBS = {name: job for workflow in WORKFLOWS.values() for name, job in workflow["jobs"].items()}


def steps_of(document: Yaml) -> Iterator[Yaml]:
    for job in document.get("jobs", {}).values():
        yield from job.get("steps", ())
    yield from document.get("runs", {}).get("steps", ())


STEPS = [(path, step) for path, text in FILES.items() for step in steps_of(load(text))]
SCRIPTS = [(f"{name}: {step.get('name')}", step) for name, step in STEPS if "run" in step]


@pytest.mark.parametrize("path", COPIED)
def test_this_repository_has_what_a_new_mesh_gets(path: str) -> None:
    """The templates in mesh_infra/authoring/templates/ci/ are the source: what changes in one place is copied."""
    ours, _, _ = OURS[path].partition(INSTALL)
    theirs, _, _ = NEW[path].partition(INSTALL)
    assert ours == theirs, f"{path} and its template in mesh_infra/authoring/templates/ci/ must be the same"
    assert (ours == OURS[path]) is (path != ACTION)


def test_a_new_mesh_gets_all_that_this_repository_has() -> None:
    here = {path.relative_to(ROOT).as_posix() for path in (ROOT / ".github").rglob("*") if path.is_file()}
    assert here - {OWNERS} == {path for path in COPIED if path.startswith(".github/")}


def test_mesh_infra_is_installed_as_it_is_pinned() -> None:
    ours, theirs = (load(text)["runs"]["steps"][1]["run"] for text in (OURS[ACTION], NEW[ACTION]))
    assert "--require-hashes -r requirements.lock" in ours
    assert theirs == "python -m pip install --quiet -r requirements.txt"
    assert re.search(r"^mesh-infra\[local\]==\S+$", NEW["requirements.txt"], flags=re.MULTILINE)


@pytest.mark.parametrize("where", ["here", "new"])
def test_the_linter_finds_nothing(where: str, tmp_path: Path) -> None:
    files = OURS if where == "here" else NEW
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    lint = [LINTER, "--offline", "--no-progress", "--persona", "pedantic", "--strict-collection", tmp_path / ".github"]
    ran = subprocess.run(lint, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "No findings to report" in ran.stdout
    assert {path for path in files if f"completed {tmp_path / path}" in ran.stderr} == {ACTION, WORKFLOW, DEPLOY}


@pytest.mark.parametrize("path", FILES)
def test_actions_are_pinned_by_commit_with_their_version_beside(path: str) -> None:
    for line in FILES[path].splitlines():
        found = re.match(r"\s*(?:- )?uses: (\S+)(.*)", line)
        if found and not found[1].startswith("./"):
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", found[1]), line
            assert re.match(r" # v\d+\.\d+\.\d+\b", found[2]), line


def test_one_action_has_one_version_everywhere() -> None:
    used = {step["uses"] for _, step in STEPS if "@" in step.get("uses", "")}
    assert len(used) == len({name.partition("@")[0] for name in used}) == 6


@pytest.mark.parametrize("name", WORKFLOWS)
def test_nothing_is_allowed_but_what_a_job_says(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {}
    assert all("permissions" in job for job in WORKFLOWS[name]["jobs"].values())


def test_permissions_are_few() -> None:
    granted = {name: {f"{what}: {how}" for what, how in job["permissions"].items()} for name, job in JOBS.items()}
    for_aws = {"contents: read", "id-token: write"}
    assert granted == {
        "review": {"contents: read"},
        "comment": {"pull-requests: write"},
        "plan": {"actions: read", "contents: read"},
        **dict.fromkeys(NEEDS_AWS, for_aws),
    }


def test_code_of_a_pull_request_runs_without_rights() -> None:
    assert set(WORKFLOWS["mesh.yml"]["on"]) == {"pull_request", "push", "schedule", "workflow_dispatch"}
    assert set(WORKFLOWS["mesh-deploy.yml"]["on"]) == {"workflow_call"}
    # The only job that may write on a pull request runs nothing of it.
    assert [step.get("uses", "").partition("@")[0] for step in JOBS["comment"]["steps"]] == [
        "actions/download-artifact",
        "",
    ]


def test_without_the_variables_nothing_needs_an_account() -> None:
    assert "vars.MESH_PREVIEW_ROLE != ''" in JOBS["preview"]["if"]
    assert "vars.MESH_DEPLOY_ROLE != ''" in JOBS["deploy-first"]["if"]
    # What needs a job that was skipped is skipped.
    assert JOBS["deploy-second"]["needs"] == ["plan", "deploy-first"]
    assert JOBS["deploy-third"]["needs"] == ["plan", "deploy-second"]


def test_only_main_is_deployed_and_only_by_a_push_or_by_hand() -> None:
    assert """contains(fromJSON('["push", "workflow_dispatch"]'), github.event_name)""" in JOBS["deploy-first"]["if"]
    assert "github.ref == 'refs/heads/main'" in JOBS["plan"]["if"]
    assert JOBS["deploy"]["if"] == "github.ref == 'refs/heads/main' && github.event_name != 'pull_request'"


@pytest.mark.parametrize("name", ["comment", "preview"])
def test_forks_get_no_credentials(name: str) -> None:
    assert "github.event.pull_request.head.repo.full_name == github.repository" in JOBS[name]["if"]


def test_credentials_come_by_oidc_and_stay_nowhere() -> None:
    for name, step in STEPS:
        uses = step.get("uses", "")
        if uses.startswith("aws-actions/"):
            assert {"role-to-assume", "aws-region"} <= step["with"].keys(), name
            assert not {key for key in step["with"] if "key" in key}, name
        if uses.startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false", name
    assert all("secrets." not in text for text in FILES.values())


def test_deployments_wait_for_each_other_and_reviews_do_not() -> None:
    assert WORKFLOWS["mesh.yml"]["concurrency"] == {
        "group": "mesh-${{ github.event_name == 'schedule' && 'nightly' "
        "|| github.event.pull_request.number || github.ref }}",
        "cancel-in-progress": "${{ github.event_name == 'pull_request' }}",
    }


def test_every_job_ends_in_time() -> None:
    assert all("timeout-minutes" in job for job in JOBS.values() if "steps" in job)


def test_the_cli_is_the_one_that_the_tests_run() -> None:
    versions = {step["with"]["pulumi-version"] for _, step in STEPS if step.get("uses", "").startswith("pulumi/")}
    assert versions == {CLI_VERSION}


@pytest.mark.parametrize(("name", "step"), SCRIPTS, ids=[name for name, _ in SCRIPTS])
def test_scripts_are_scripts_and_take_what_they_need_by_the_environment(name: str, step: Yaml) -> None:
    assert "${{" not in step["run"], name
    if step.get("shell") == "python":
        compile(step["run"], name, "exec")
    else:
        subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True)


def test_the_documentation_names_what_has_to_be_set() -> None:
    used = {name for text in FILES.values() for name in re.findall(r"vars\.(\w+)", text)}
    guide = OURS["docs/ci.md"]
    for document in (guide, NEW["README.md"]):
        assert set(re.findall(r"^\| `(MESH_\w+)` \|", document, flags=re.MULTILINE)) == used
    (trust,) = re.findall(r"^```json\n(\{.*?)^```", guide, flags=re.MULTILINE | re.DOTALL)
    assert json.loads(trust)["Statement"][0]["Action"] == "sts:AssumeRoleWithWebIdentity"


@pytest.mark.parametrize("document", ["README.md", "docs/ci.md"])
def test_links_in_a_new_mesh_lead_somewhere(document: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", NEW[document])
    assert links
    assert {(Path(document).parent / link).as_posix() for link in links} <= NEW.keys()


@dataclass
class Runner:
    """Runs a step as GitHub's runner does, with programs that only write down what they are called with."""

    repo: Repo
    home: Path

    def program(self, name: str, script: str = "") -> None:
        """A program on the PATH that logs its arguments and then does ``script``."""
        folder = self.home / "bin"
        folder.mkdir(exist_ok=True)
        target = folder / name
        target.write_text(f'#!/bin/bash\necho "{name} $*" >> {self.home}/calls\n{script}\n')
        target.chmod(0o755)

    def step(self, job: str, name: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a step of a job; what it is given as ``env`` must be what the workflow says it is given."""
        (step,) = [step for step in JOBS[job]["steps"] if step.get("name") == name]
        assert set(env) <= step.get("env", {}).keys() | {"PULUMI_BACKEND_URL"}
        command = (
            [sys.executable, "-c"] if step.get("shell") == "python" else ["bash", "--norc", "-eo", "pipefail", "-c"]
        )
        files = {key: str(self.home / key.lower()) for key in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        path = os.pathsep.join((str(self.home / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]))
        return subprocess.run(
            [*command, step["run"]],
            cwd=self.repo.root,
            env={**os.environ, **files, "RUNNER_TEMP": str(self.home), "PATH": path, **env},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        """What the programs were called with."""
        log = self.home / "calls"
        return log.read_text().splitlines() if log.exists() else []

    @property
    def outputs(self) -> dict[str, str]:
        """The step's outputs."""
        lines = (self.home / "github_output").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    @property
    def summary(self) -> str:
        """The summary of the job."""
        file = self.home / "github_step_summary"
        return file.read_text() if file.exists() else ""


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A repository whose HEAD is a pull request as it would be merged: HEAD^1 is what it would be merged into."""
    repo = changed(tmp_path / "repo", {"mesh.yaml": PER_DOMAIN})
    repo.commit()
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    repo.commit({ORDERS: CLEAR})
    return Runner(repo, tmp_path)


def test_a_review_is_written_and_its_errors_are_annotated(runner: Runner) -> None:
    checked = runner.step("review", "Check, with annotations at the lines")
    assert checked.returncode == 0, checked.stderr
    assert "::error file=contracts/sales/orders.yaml,line=11,title=access-gained::" in checked.stdout
    assert runner.step("review", "Write the review").returncode == 0
    assert runner.summary == (runner.repo.root / "review.md").read_text()
    assert "gains `user_email` (sensitive)" in runner.summary


def test_a_review_of_a_mesh_with_errors_is_written_too(runner: Runner) -> None:
    runner.repo.commit({"domains/sales.yaml": "domain: sales\n"})
    assert runner.step("review", "Check, with annotations at the lines").returncode == 1
    assert runner.step("review", "Write the review").returncode == 0
    assert "#### Errors" in runner.summary


def test_what_cannot_be_compared_is_no_review(runner: Runner) -> None:
    runner.repo.commit({"mesh.yaml": None})
    assert runner.step("review", "Write the review").returncode == 1
    assert runner.summary == ""


@pytest.mark.parametrize(
    ("existing", "call"),
    [
        ("", "--method POST repos/acme/mesh/issues/7/comments --field body=@body.md"),
        ("11\n12", "--method PATCH repos/acme/mesh/issues/comments/11 --field body=@body.md"),
    ],
)
def test_one_comment_is_kept_up_to_date(runner: Runner, existing: str, call: str) -> None:
    runner.program("gh", f'case "$*" in *--paginate*) printf "%s" "{existing}";; esac')
    (runner.repo.root / "review.md").write_text("### Mesh review\n")
    marker = JOBS["comment"]["steps"][1]["env"]["MARKER"]
    done = runner.step(
        "comment", "Update the comment, or write it", COMMENTS="repos/acme/mesh/issues", NUMBER="7", MARKER=marker
    )
    assert done.returncode == 0, done.stderr
    assert runner.calls[0].startswith("gh api --paginate repos/acme/mesh/issues/7/comments --jq .[] | select(")
    assert runner.calls[-1] == f"gh api --silent {call}"
    assert (runner.repo.root / "body.md").read_text() == "<!-- mesh-review -->\n### Mesh review\n"


def test_the_plan_of_a_pull_request(runner: Runner) -> None:
    assert runner.step("plan", "Plan", EVENT="pull_request", DEPLOYED="").returncode == 0
    assert runner.step("plan", "Say which stacks").returncode == 0
    row = {
        "environment": "dev",
        "account": "111122223333",
        "region": "eu-west-1",
        "action": "up",
        "stacks": "dev.sales",
    }
    assert json.loads(runner.outputs["first"]) == json.loads(runner.outputs["all"]) == {"include": [row]}
    assert runner.outputs["second"] == runner.outputs["third"] == ""


def test_the_plan_of_a_push_begins_where_the_last_deployment_ended(runner: Runner) -> None:
    runner.repo.commit({"domains/returns.yaml": DOMAIN.format(name="returns")})
    runner.repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    runner.program("gh", f"echo {runner.repo.git('rev-parse', 'HEAD~2')}")
    found = runner.step("plan", "Find what was deployed last", RUNS="repos/acme/mesh/actions/workflows/mesh.yml/runs")
    assert found.returncode == 0, found.stderr
    assert "branch=main&event=push&status=success" in runner.calls[0]
    assert runner.step("plan", "Plan", EVENT="push", DEPLOYED=runner.outputs["commit"]).returncode == 0
    assert runner.step("plan", "Say which stacks").returncode == 0
    first, second = (json.loads(runner.outputs[name])["include"] for name in ("first", "second"))
    assert [row["stacks"] for row in first] == ["dev.platform"]
    assert [row["stacks"] for row in second] == ["dev.returns", "dev.sales"]


def test_an_old_run_brings_nothing_back(runner: Runner) -> None:
    runner.program("gh")
    done = runner.step("plan", "Find what was deployed last", RUNS="runs")
    assert (done.returncode, runner.calls) == (1, [])
    assert "::error::main has a newer commit" in done.stdout


@pytest.mark.parametrize(("event", "deployed"), [("push", ""), ("schedule", ""), ("workflow_dispatch", "")])
def test_where_nothing_was_deployed_or_all_is_asked_for_the_plan_has_all(
    runner: Runner, event: str, deployed: str
) -> None:
    assert runner.step("plan", "Plan", EVENT=event, DEPLOYED=deployed).returncode == 0
    assert runner.step("plan", "Say which stacks").returncode == 0
    rows = json.loads(runner.outputs["all"])["include"]
    assert [row["stacks"] for row in rows] == ["dev.platform", "dev.marketing", "dev.sales"]


def test_nothing_to_deploy(runner: Runner) -> None:
    runner.repo.commit({"README.md": "Nothing."})
    assert runner.step("plan", "Plan", EVENT="pull_request", DEPLOYED="").returncode == 0
    assert runner.step("plan", "Say which stacks").returncode == 0
    assert set(runner.outputs.values()) == {""}


@pytest.mark.parametrize("job", ["preview", "deploy"])
def test_a_role_is_named_for_all_accounts(runner: Runner, job: str) -> None:
    role = "arn:aws:iam::{account}:role/mesh"
    assert runner.step(job, "Name the role", ROLE=role, ACCOUNT="111122223333").returncode == 0
    assert runner.outputs == {"arn": "arn:aws:iam::111122223333:role/mesh"}


def pulumi(runner: Runner, op: str, name: str, code: int = 0) -> None:
    urn = f"urn:pulumi:dev.sales::mesh::mesh:index:Domain$aws:iam/role:Role::{name}"
    digest = json.dumps({"steps": [{"op": op, "urn": urn, "detailedDiff": None}]})
    runner.program(
        "pulumi",
        f"""case "$1" in
stack) echo '[{{"name": "organization/mesh/dev.sales"}}]' ;;
preview) echo '{digest}'; exit {code} ;;
esac""",
    )


@pytest.mark.parametrize(
    ("nightly", "op", "code"),
    [("true", "update", 1), ("false", "update", 0), ("true", "same", 0), ("false", "same", 0)],
)
def test_drift_fails_at_night_and_is_said_on_a_pull_request(runner: Runner, nightly: str, op: str, code: int) -> None:
    pulumi(runner, op, "changed-by-hand")
    done = runner.step("preview", "Preview", NIGHTLY=nightly, STACKS="dev.new dev.sales")
    assert done.returncode == code, done.stderr
    assert "::notice::the stack 'dev.new' is not there yet" in done.stdout
    refresh = " --refresh" if nightly == "true" else ""
    assert runner.calls[1:] == [f"pulumi preview --stack dev.sales --json --non-interactive{refresh}"]
    assert ("title=drift::stack 'dev.sales': update Role changed-by-hand" in done.stdout) is (op == "update")
    assert ("has drifted" in runner.summary) is (op == "update")


def test_a_preview_that_fails_is_shown(runner: Runner) -> None:
    pulumi(runner, "same", "x", code=1)
    done = runner.step("preview", "Preview", NIGHTLY="false", STACKS="dev.sales")
    assert done.returncode == 1
    assert '"steps"' in done.stdout


def test_stacks_are_deployed_and_one_that_fails_stops_no_other(runner: Runner) -> None:
    runner.program("pulumi", '[[ "$*" != *"up --stack dev.a "* ]]')
    done = runner.step("deploy", "Deploy", ACTION="up", STACKS="dev.a dev.b", SECRETS_PROVIDER="passphrase")
    assert done.returncode == 1
    assert "::error::these stacks failed: dev.a\n" in done.stdout
    assert runner.calls == [
        line
        for stack in ("dev.a", "dev.b")
        for line in (
            f"pulumi stack select --create {stack} --secrets-provider passphrase --non-interactive",
            f"pulumi up --stack {stack} --yes --non-interactive",
        )
    ]


@pytest.mark.parametrize(("stack", "calls"), [("dev.sales", 2), ("dev.gone", 1)])
def test_a_stack_that_is_gone_is_destroyed_where_it_is_still_there(runner: Runner, stack: str, calls: int) -> None:
    pulumi(runner, "same", "x")
    done = runner.step("deploy", "Deploy", ACTION="destroy", STACKS=stack, SECRETS_PROVIDER="passphrase")
    assert done.returncode == 0, done.stderr
    assert len(runner.calls) == calls
    assert calls == 1 or runner.calls[1] == f"pulumi destroy --stack {stack} --yes --non-interactive"
