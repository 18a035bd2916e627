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
from tests.meshes import CONTRACT, DOMAIN, MESH
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
    assert "--require-hashes --only-binary :all: -r requirements.lock -c requirements.txt\n" in theirs
    assert re.search(r"^mesh-infra==\S+$", NEW["requirements.txt"], flags=re.MULTILINE)


@pytest.mark.parametrize("locked", [True, False])
def test_what_is_locked_is_installed_by_its_hash(runner: Runner, locked: bool) -> None:
    runner.program("python")
    runner.repo.write({"requirements.lock": ""} if locked else {})
    done = runner.run(load(NEW[ACTION])["runs"]["steps"][1])
    assert done.returncode == 0, done.stderr
    (call,) = runner.calls
    assert ("--require-hashes" in call) is locked
    assert ("::notice::only mesh-infra itself is pinned" in done.stdout) is not locked


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
    events = {"pull_request", "merge_group", "push", "schedule", "workflow_dispatch"}
    assert set(WORKFLOWS["mesh.yml"]["on"]) == events
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


def test_a_merge_queue_gets_its_review_and_nothing_else() -> None:
    assert JOBS["review"]["if"] == """contains(fromJSON('["pull_request", "merge_group"]'), github.event_name)"""
    assert JOBS["review"]["env"] == {"BASE": "${{ github.event.merge_group.base_sha || 'HEAD^1' }}"}
    assert JOBS["plan"]["if"] == "github.event_name == 'pull_request' || github.ref == 'refs/heads/main'"


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
    assert f"--python-version {load(NEW[ACTION])['runs']['steps'][0]['with']['python-version']} " in guide
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
    said: str = ""

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
        given = {*step.get("env", ()), *JOBS[job].get("env", ()), "GITHUB_RUN_ATTEMPT", "GITHUB_SHA"}
        assert set(env) <= given
        return self.run(step, **env)

    def run(self, step: Yaml, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a step of an action."""
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
    checked = runner.step("review", "Check, with annotations at the lines", BASE="HEAD^1")
    assert checked.returncode == 0, checked.stderr
    assert "::error file=contracts/sales/orders.yaml,line=11,title=access-gained::" in checked.stdout
    assert runner.step("review", "Write the review", BASE="HEAD^1").returncode == 0
    assert runner.summary == (runner.repo.root / "review.md").read_text()
    assert "gains `user_email` (sensitive)" in runner.summary


def test_a_review_of_a_mesh_with_errors_is_written_too(runner: Runner) -> None:
    runner.repo.commit({"domains/sales.yaml": "domain: sales\n"})
    assert runner.step("review", "Check, with annotations at the lines", BASE="HEAD^1").returncode == 1
    assert runner.step("review", "Write the review", BASE="HEAD^1").returncode == 0
    assert "#### Errors" in runner.summary


def test_what_cannot_be_compared_is_no_review(runner: Runner) -> None:
    runner.repo.commit({"mesh.yaml": None})
    assert runner.step("review", "Write the review", BASE="HEAD^1").returncode == 1
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


def planned(runner: Runner, event: str, commits: str = "", complete: str = "") -> list[list[str]]:
    """What the job 'plan' hands on: the stacks of each step, with those to destroy in brackets."""
    done = runner.step("plan", "Plan", EVENT=event, COMMITS=commits, COMPLETE=complete)
    assert done.returncode == 0, done.stderr
    runner.said = done.stdout
    assert runner.step("plan", "Say which stacks").returncode == 0
    steps = [json.loads(runner.outputs[name]) for name in ("first", "second", "third") if runner.outputs[name]]
    return [
        [stack if row["action"] == "up" else f"[{stack}]" for row in step["include"] for stack in row["stacks"].split()]
        for step in steps
    ]


RUNS = "repos/acme/mesh/actions/workflows/mesh.yml/runs"
EVERYTHING = [["dev.platform"], ["dev.marketing", "dev.sales"]]
RETURNS = {"domains/returns.yaml": DOMAIN.format(name="returns")}


def deployed(runner: Runner, *runs: str) -> dict[str, str]:
    """What is found where the runs before this one, newest first, were these: event, conclusion and revision."""
    lines = [run.split() for run in runs]
    listed = {
        event: "\n".join(
            f"{len(lines) - index}\t{conclusion}\t{runner.repo.git('rev-parse', revision)}"
            for index, (of, conclusion, revision) in enumerate(lines)
            if of == event
        )
        for event in ("push", "workflow_dispatch")
    }
    cases = "".join(f'*event={event}\\&*) printf "%s\\n" "{text}" ;; ' for event, text in listed.items() if text)
    runner.program("gh", f'case "$*" in {cases} esac')
    runner.repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    found = runner.step("plan", "Find what was deployed", RUNS=RUNS)
    assert found.returncode == 0, found.stderr
    return runner.outputs


def test_the_plan_of_a_pull_request(runner: Runner) -> None:
    assert planned(runner, "pull_request") == [["dev.sales"]]
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
    runner.repo.commit(RETURNS)
    found = deployed(runner, "push success HEAD~2", "push success HEAD~1")
    assert found == {"commits": runner.repo.git("rev-parse", "HEAD~2"), "complete": "true"}
    assert f"{RUNS}?branch=main&event=push&" in runner.calls[0]
    assert planned(runner, "push", **found) == [["dev.platform"], ["dev.returns", "dev.sales"]]


def test_a_run_by_hand_is_a_deployment_too(runner: Runner) -> None:
    runner.repo.commit(RETURNS)
    found = deployed(runner, "workflow_dispatch success HEAD~1", "push failure HEAD~2", "push success HEAD~2")
    assert planned(runner, "push", **found) == [["dev.platform"], ["dev.returns"]]


@pytest.mark.parametrize("conclusion", ["failure", "cancelled", "timed_out"])
def test_to_take_back_what_was_deployed_halfway_deploys_it(runner: Runner, conclusion: str) -> None:
    """Access in clear and a domain come, the deployment fails after some stacks, and the next commit reverts it."""
    runner.repo.commit(RETURNS)
    runner.repo.commit({ORDERS: CONTRACT, "domains/returns.yaml": None})
    found = deployed(runner, f"push {conclusion} HEAD~1", "push cancelled HEAD~2", "push success HEAD~3")
    assert len(found["commits"].split()) == 3
    assert planned(runner, "push", **found) == [["[dev.returns]", "dev.sales"], ["dev.platform"]]


def test_where_no_deployment_ended_well_everything_is_deployed(runner: Runner) -> None:
    runner.repo.commit(RETURNS)
    runner.repo.commit({"domains/returns.yaml": None})
    found = deployed(runner, "push failure HEAD~1")
    assert found["complete"] == "false"
    assert planned(runner, "push", **found) == [["[dev.returns]"], *EVERYTHING]


def test_a_run_by_hand_deploys_everything_and_destroys_what_is_gone(runner: Runner) -> None:
    runner.repo.commit(RETURNS)
    runner.repo.commit({"domains/returns.yaml": None})
    found = deployed(runner, "push success HEAD~1")
    assert planned(runner, "workflow_dispatch", **found) == [["[dev.returns]"], *EVERYTHING]


@pytest.mark.parametrize("conclusion", ["success", "failure"])
def test_a_commit_that_cannot_be_compared_holds_nothing_up(runner: Runner, conclusion: str) -> None:
    runner.repo.commit({"domains/returns.yaml": "domain: returns\n"})
    runner.repo.commit({"domains/returns.yaml": None})
    found = deployed(runner, f"push {conclusion} HEAD~1", "push success HEAD~2")
    assert planned(runner, "push", **found) == EVERYTHING
    assert f"::warning::{found['commits'].split()[0]} cannot be compared" in runner.said
    assert planned(runner, "push", "f" * 40, "true") == EVERYTHING
    assert f"::warning::{'f' * 40} cannot be compared" in runner.said


@pytest.mark.parametrize("event", ["pull_request", "push"])
@pytest.mark.parametrize(
    ("path", "every"),
    [
        ("requirements.txt", True),
        ("requirements.lock", True),
        ("pyproject.toml", True),
        ("__main__.py", True),
        ("mesh_infra/manifest/build.py", True),
        ("Pulumi.yaml", True),
        ("Pulumi.dev.sales.yaml", True),
        ("tests/test_mesh.py", False),
        ("README.md", False),
    ],
)
def test_what_deploys_the_mesh_touches_every_stack(runner: Runner, event: str, path: str, every: bool) -> None:
    runner.repo.commit({path: "new\n"})
    before = runner.repo.git("rev-parse", "HEAD^1")
    assert planned(runner, event, before, "true") == (EVERYTHING if every else [])


@pytest.mark.parametrize("event", ["push", "workflow_dispatch"])
def test_an_old_run_brings_nothing_back(runner: Runner, event: str) -> None:
    (step,) = [step for step in JOBS["plan"]["steps"] if step.get("id") == "deployed"]
    assert f'"{event}"' in step["if"]
    runner.program("gh")
    done = runner.step("plan", "Find what was deployed", RUNS="runs")
    assert (done.returncode, runner.calls) == (1, [])
    assert "::error::main has a newer commit" in done.stdout


def test_what_cannot_be_found_out_is_not_taken_for_nothing(runner: Runner) -> None:
    runner.repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    runner.program("gh", '[[ "$*" != *event=push* ]]')
    assert runner.step("plan", "Find what was deployed", RUNS="runs").returncode == 1


@pytest.mark.parametrize(
    ("attempt", "main", "code"), [("1", "newer", 0), ("2", "this", 0), ("2", "newer", 1), ("2", "", 1)]
)
def test_failed_jobs_that_are_started_again_deploy_no_old_commit(
    runner: Runner, attempt: str, main: str, code: int
) -> None:
    assert JOBS["deploy"]["steps"][0]["name"] == "Refuse an old commit"
    runner.program("gh", f"echo {main}")
    done = runner.step("deploy", "Refuse an old commit", MAIN="ref", GITHUB_RUN_ATTEMPT=attempt, GITHUB_SHA="this")
    assert done.returncode == code
    assert ("::error::main has a newer commit" in done.stdout) is bool(code)


@pytest.mark.parametrize("event", ["push", "schedule", "workflow_dispatch"])
def test_where_nothing_was_deployed_or_all_is_asked_for_the_plan_has_all(runner: Runner, event: str) -> None:
    assert planned(runner, event, "", "" if event == "schedule" else "false") == EVERYTHING
    rows = json.loads(runner.outputs["all"])["include"]
    assert [row["stacks"] for row in rows] == ["dev.platform", "dev.marketing", "dev.sales"]


def test_nothing_to_deploy(runner: Runner) -> None:
    runner.repo.commit({"README.md": "Nothing."})
    assert planned(runner, "pull_request") == []
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
    done = runner.step("preview", "Preview", NIGHTLY=nightly, STACKS="dev.sales")
    assert done.returncode == code, done.stderr
    refresh = " --refresh" if nightly == "true" else ""
    assert runner.calls[1:] == [f"pulumi preview --stack dev.sales --json --non-interactive{refresh}"]
    assert ("title=drift::stack 'dev.sales': update Role changed-by-hand" in done.stdout) is (op == "update")
    assert ("has drifted" in runner.summary) is (op == "update")


@pytest.mark.parametrize(("nightly", "code"), [("true", 1), ("false", 0)])
def test_a_stack_that_is_not_there_fails_at_night(runner: Runner, nightly: str, code: int) -> None:
    pulumi(runner, "same", "x")
    done = runner.step("preview", "Preview", NIGHTLY=nightly, STACKS="dev.new dev.sales")
    assert done.returncode == code
    said = "::error::the stack 'dev.new' was never" if code else "::notice::the stack 'dev.new' is not there yet"
    assert said in done.stdout
    assert "preview --stack dev.sales" in runner.calls[-1]


def test_a_preview_that_fails_is_shown_and_stops_no_other(runner: Runner) -> None:
    pulumi(runner, "same", "x")
    working = (runner.home / "bin" / "pulumi").read_text()
    listed = """case "$*" in
stack*) echo '[{"name": "dev.marketing"}, {"name": "dev.sales"}]'; exit ;;
*dev.marketing*) echo '{"diagnostics": []}'; exit 1 ;;
esac"""
    runner.program("pulumi", f"{listed}\n{working}")
    done = runner.step("preview", "Preview", NIGHTLY="false", STACKS="dev.marketing dev.sales")
    assert done.returncode == 1
    assert '"diagnostics"' in done.stdout
    assert "::error::the preview of 'dev.marketing' failed" in done.stdout
    assert "preview --stack dev.sales" in runner.calls[-1]
    assert "Mesh review" in runner.summary


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


@pytest.mark.parametrize(
    ("action", "fails"), [("up", "stack select --create dev.a"), ("destroy", "stack ls"), ("destroy", "destroy")]
)
def test_whatever_fails_of_one_stack_stops_no_other(runner: Runner, action: str, fails: str) -> None:
    runner.program(
        "pulumi",
        f"""case "$*" in
"{fails}"*) exit 1 ;;
"stack ls"*) echo '[{{"name": "dev.a"}}, {{"name": "dev.b"}}]' ;;
esac""",
    )
    done = runner.step("deploy", "Deploy", ACTION=action, STACKS="dev.a dev.b", SECRETS_PROVIDER="passphrase")
    assert done.returncode == 1
    stacks = "dev.a" if action == "up" else "dev.a dev.b"
    assert f"::error::these stacks failed: {stacks}\n" in done.stdout
    assert not any(call.startswith("pulumi up --stack dev.a ") for call in runner.calls)


@pytest.mark.parametrize(("stack", "calls"), [("dev.sales", 2), ("dev.gone", 1)])
def test_a_stack_that_is_gone_is_destroyed_where_it_is_still_there(runner: Runner, stack: str, calls: int) -> None:
    pulumi(runner, "same", "x")
    done = runner.step("deploy", "Deploy", ACTION="destroy", STACKS=stack, SECRETS_PROVIDER="passphrase")
    assert done.returncode == 0, done.stderr
    assert len(runner.calls) == calls
    assert calls == 1 or runner.calls[1] == f"pulumi destroy --stack {stack} --yes --non-interactive"
