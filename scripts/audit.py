"""Judges every page: axe-core's rules, the weight of a first visit, Lighthouse. Prints three tables; fails on a miss.

On a library of its own, served as `make run` serves it. Words choose: `python -m scripts.audit axe notebook 390`,
`weight`, `lighthouse`. Lighthouse is a Node program: its lock is in scripts/node/, its place is var/audit/.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median_low
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Response

from scripts.browser import find
from scripts.scenes import WIDTHS, Scene, scenes
from scripts.staged import ROOT, THEMES, Stage, stage, wanted, wear

NODE = Path(os.environ.get("NEWSREADER_VAR") or ROOT / "var") / "audit"
LIGHTHOUSE = NODE / "node_modules/lighthouse/cli/index.js"
RUNS = 3  # of Lighthouse, of which the one in the middle counts
KB = 1_000
# What a first visit to the seed article may weigh, compressed, without headers.
BUDGET = {"in all": 180, "script": 30, "stylesheet": 16, "document": 10}
GOALS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}

Row = tuple[object, ...]


def main(words: list[str]) -> None:
    """All three, or those that `words` name; then the rest of them choose among axe's scenes."""
    parts = {"axe": axe, "weight": weight, "lighthouse": lighthouse}
    chosen = [name for name in parts if name in words] or list(parts)
    if "lighthouse" in chosen:
        install_lighthouse()
    begun = time.monotonic()
    with stage() as on:
        claiming = Scene("claim", on.claim, who="")
        rest = [word for word in words if word not in parts]
        before = rules(on, [claiming], rest) if "axe" in chosen else Counter()
        at = on.fill()
        missed = [part(on, at, rest, before) for name, part in parts.items() if name in chosen]
    print(f"\n{time.monotonic() - begun:.0f} s")
    if on.complaints:
        print("Pages complained:", *dict.fromkeys(on.complaints), sep="\n  ")
    sys.exit(1 if any(missed) or on.complaints else 0)


def axe(on: Stage, at: dict[str, str], words: list[str], before: "Counter[Row]") -> int:
    """Violations by scene; how many there are in all."""
    found = before + rules(on, scenes(at), words)
    print(f"\naxe-core (WCAG 2.2 AA, best practices) at {_and(map(str, WIDTHS))} pixels, in {_and(THEMES)}")
    seen: dict[str, int] = {}
    for (name, *_), count in found.items():
        seen[str(name)] = seen.get(str(name), 0) + count - 1
    names = sorted(seen)
    for start in range(0, len(names), 3):
        print("  " + "".join(f"{name:<28}{seen[name]:>3}     " for name in names[start : start + 3]).rstrip())
    runs = sum(1 for key in found if len(key) == 3)
    total = sum(seen.values())
    print(f"  {len(names)} pages and states, {runs} runs: {total} violations, 0 wanted")
    return total


def rules(on: Stage, all_scenes: Iterable[Scene], words: list[str]) -> "Counter[Row]":
    """One for each run, and what it found on top of it; says each finding as it comes."""
    found: Counter[Row] = Counter()
    judge = Axe()
    for scene in all_scenes:
        for width in WIDTHS:
            if not wanted(words, scene, width):
                continue
            # Colours are judged where they arrive, not on their way.
            with on.scene(scene, width, reduced_motion="reduce") as page:
                for theme in THEMES:
                    wear(page, theme)
                    answer = judge.run(page, options={"resultTypes": ["violations"]}).response
                    found[scene.name, width, theme] += 1
                    for rule in answer["violations"]:
                        found[scene.name, width, theme] += len(rule["nodes"])
                        for node in rule["nodes"]:
                            print(f"  {scene.name} {width} {theme}: {rule['id']} {node['html'][:140]}", flush=True)
    return found


def weight(on: Stage, at: dict[str, str], *_: object) -> int:
    """What comes over the line on a first visit to the seed article, signed in; how many budgets it misses."""
    came: list[Response] = []
    context = on.context("ben", 390, service_workers="block")
    page = context.new_page()
    page.on("response", lambda response: came.append(response))  # noqa: PLW0108 Playwright marks its handlers
    page.goto(at["seed"], wait_until="networkidle")
    kinds: Counter[str] = Counter()
    for response in came:
        size = response.request.sizes()["responseBodySize"]
        kinds[response.request.resource_type] += size
        kinds["in all"] += size
    context.close()
    print("\nFirst visit to the seed article, signed in, compressed, in KB (1,000 bytes)")
    missed = 0
    for kind, size in kinds.most_common():
        number = sum(1 for response in came if response.request.resource_type == kind) or len(came)
        budget = BUDGET.get(kind)
        missed += bool(budget and size > budget * KB)
        print(f"  {kind:<12}{number:>4} files{size / KB:>8.1f}" + (f"   goal ≤ {budget}" if budget else ""))
    return missed


def lighthouse(on: Stage, at: dict[str, str], *_: object) -> int:
    """Scores of four pages on a middling phone; how many goals they miss."""
    from scripts import shelf  # noqa: PLC0415 Django is set up by now

    paths = {"library": "/", "reader, 50 marks": shelf.mark_much("ada", 50), "notebook": "/notebook/"}
    paths["search"] = "/search/?q=margin"
    print(f"\nLighthouse, mobile, signed in; the middle one of {RUNS} runs by performance")
    print(f"  {'':<18}{'perf.':>6}{'a11y':>6}{'best':>6}{'SEO':>6}{'CLS':>8}{'TBT ms':>8}{'LCP s':>7}{'FCP s':>7}")
    missed = 0
    for name, path in paths.items():
        runs = [run(on.address + path, f"sessionid={on.sessions['ada']}", name) for _ in range(RUNS)]
        scores = [round(100 * one["categories"]["performance"]["score"]) for one in runs]
        report = runs[scores.index(median_low(scores))]
        got = {key: round(100 * one["score"]) for key, one in report["categories"].items()}
        figure: Callable[[str], float] = lambda key, of=report: of["audits"][key]["numericValue"]  # noqa: E731
        shift, blocked = figure("cumulative-layout-shift"), figure("total-blocking-time")
        open_to_all = name.startswith(("library", "reader"))
        below = [key for key, goal in GOALS.items() if got[key] < goal and (key != "seo" or open_to_all)]
        missed += len(below) + (round(shift, 3) > 0) + (blocked > 50)
        seconds = [figure(key) / 1000 for key in ("largest-contentful-paint", "first-contentful-paint")]
        line = "".join(f"{got[key]:>6}" for key in GOALS) + f"{shift:>8.3f}{blocked:>8.0f}"
        print(f"  {name:<18}{line}{seconds[0]:>7.1f}{seconds[1]:>7.1f}" + ("" if open_to_all else "   (SEO: noindex)"))
        for key in below:
            print(f"    {key}: {'; '.join(faults(report, key))}", flush=True)
    print(f"  {'goal':<18}{'≥ 98':>6}{100:>6}{100:>6}{100:>6}{0:>8}{'≤ 50':>8}")
    return missed


def run(address: str, cookie: str, name: str) -> dict[str, Any]:
    """Lighthouse's report on one page."""
    file = NODE / f"{name.partition(',')[0]}.json"
    options = [f"--extra-headers={json.dumps({'Cookie': cookie})}", "--output=json", f"--output-path={file}"]
    flags = "--chrome-flags=--headless --no-sandbox --disable-dev-shm-usage"
    environment = {**os.environ, "CHROME_PATH": find() or ""}
    command = ["node", str(LIGHTHOUSE), address, "--quiet", flags, *options]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)
    if answer.returncode:
        sys.exit(f"Lighthouse failed on {address}: {answer.stderr.strip()[-600:]}")
    report: dict[str, Any] = json.loads(file.read_text())
    return report


def faults(report: dict[str, Any], category: str) -> list[str]:
    """The audits of a category that cost points."""
    weighed = {one["id"]: one["weight"] for one in report["categories"][category]["auditRefs"]}
    return [
        f"{report['audits'][key]['title']} ({report['audits'][key].get('displayValue') or key})"
        for key, weight_ in weighed.items()
        if weight_ and (report["audits"][key]["score"] or 0) < 0.9 and report["audits"][key]["score"] is not None
    ]


def install_lighthouse() -> None:
    """Into var/audit/, once for each lock. Ends with one line that says what is missing."""
    if not shutil.which("npm") or not shutil.which("node"):
        sys.exit("Lighthouse needs Node 18 or newer with npm: install it, or choose: make audit ARGS='axe weight'")
    lock = (ROOT / "scripts/node/package-lock.json").read_bytes()
    note = NODE / "package-lock.json"
    if LIGHTHOUSE.exists() and note.exists() and note.read_bytes() == lock:
        return
    print("Installing Lighthouse into var/audit/ …", flush=True)
    NODE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "scripts/node" / name, NODE / name)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    if subprocess.run(["npm", "ci", *quiet], cwd=NODE).returncode:
        note.unlink(missing_ok=True)
        sys.exit("Lighthouse could not be installed: is there a network? Then run this again.")


def _and(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}"


if __name__ == "__main__":
    main(sys.argv[1:])
