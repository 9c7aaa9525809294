"""`python -m training.reader FOLDER`: trains the reader and writes `src/qa/reading/reader.safetensors`.

FOLDER holds `corpus.jsonl` and `questions_all.jsonl`. What has been learnt is kept in `.training/reader/` every few
minutes; the same command goes on from there after an interruption.

The shipped reader was made in three steps, the last from the mean of what the first two gave (its provenance tells of
each): with `--epochs 2`, with `--epochs 2 --own-words`, and with `--epochs 1 --own-words` and two `--start`. `--keep`
leaves a share of the reader that a training goes on from: the mean of the weights before and after is better on what
was learnt before (Wortsman et al., Robust fine-tuning of zero-shot models, 2022).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import torch
import typer
from rich.console import Console
from sklearn.metrics import roc_auc_score
from transformers import get_linear_schedule_with_warmup

from qa import Settings
from qa.embedding import load_embedder
from qa.evaluation.measures import exact_match, f1
from qa.reading.network import Outputs, ReaderNetwork, collate
from qa.reading.pairs import Pair, Pairing
from qa.reading.spans import best_spans
from qa.reading.weights import read_changes, write_changes
from training.reader.data import Data, Example, read_data, read_news_data
from training.reader.examples import draw_examples, gold_examples, in_batches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHIPPED = Path(__file__).parents[2] / "src" / "qa" / "reading" / "reader.safetensors"
WORKSPACE = Path(".training") / "reader"
SEED = 1
EPOCHS = 2
BATCH = 8
LEARNING_RATE = 1e-4
HEAD_LEARNING_RATE = 1e-3
GOING_ON = 0.4  # times these rates, from readers that have been trained
WEIGHT_DECAY = 0.01
WARM_UP = 100  # steps
CLIP = 1.0  # longest gradient
KEEP_EVERY = 100  # steps
SCORE_EVERY = 400  # steps
SCORED = 150  # held-out questions while learning; all of them at the end
PROGRESS_EVERY = 20  # steps

console = Console()


def main(
    data: Annotated[Path, typer.Argument(help="Folder with corpus.jsonl and questions_all.jsonl.")],
    epochs: Annotated[int, typer.Option(help="Rounds over the questions.")] = EPOCHS,
    steps: Annotated[int, typer.Option(help="Stop after so many steps; 0 goes to the end.")] = 0,
    own_words: Annotated[bool, typer.Option(help="Learn questions in readers' own words as well.")] = False,
    news: Annotated[bool, typer.Option(help="Learn questions about news, and half of the others in a round.")] = False,
    start: Annotated[list[Path] | None, typer.Option(help="Reader to go on from; of several, their mean.")] = None,
    keep: Annotated[float, typer.Option(min=0, max=1, help="Share of it in the mean with what was learnt.")] = 0.0,
    output: Annotated[Path, typer.Option(help="Where to write what was learnt.")] = SHIPPED,
) -> None:
    """Trains, scores on the held-out sources, and writes the weights with their provenance."""
    torch.manual_seed(SEED)
    questions = read_data(data)
    if not own_words:
        questions = dataclasses.replace(questions, wordings={})
    made_up = read_news_data() if news else None
    command, origins = _command(epochs, own_words, news, start or [], keep), _origins(start or [])
    console.print(f"{len(questions.learn)} questions to learn from, {len(questions.held_out)} held out")
    embedder: Any = load_embedder("bundled", Settings().cache_dir)
    encoder, tokenizer = embedder.encoder()
    _without_attention_dropout(encoder)
    pairing = Pairing(tokenizer)
    network = ReaderNetwork(encoder).float()  # steps are too small for bfloat16, which the encoder may come in
    before = {name: value.detach().clone() for name, value in network.trained_parameters().items()}
    before.update({name: torch.zeros_like(value) for name, value in before.items() if not name.startswith("encoder.")})
    _start_from(start or [], network, before, embedder.fingerprint)
    started = {name: value.detach().clone() for name, value in network.trained_parameters().items()}
    batches = _batches(questions, made_up, epochs)
    log = _train(network, pairing, questions, batches, steps, GOING_ON if start else 1.0, command)
    changes = {
        name: (1 - keep) * value.detach() + keep * started[name] - before[name]
        for name, value in network.trained_parameters().items()
    }
    write_changes(output, embedder.fingerprint, changes)
    _start_from([output], network, before, embedder.fingerprint)  # score what is shipped, not what was learnt
    figures = _score(network, pairing, questions, len(questions.held_out))
    console.print(figures)
    provenance = {
        **_provenance(questions, made_up),
        "command": command,
        "start": origins,
        "base": embedder.fingerprint,
        "held_out": {"questions": len(questions.held_out), **figures},
        "log": log,
    }
    output.with_suffix(".json").write_text(
        json.dumps(provenance, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def _start_from(readers: Sequence[Path], network: ReaderNetwork, before: Mapping[str, torch.Tensor], base: str) -> None:
    """Puts the mean of readers into the network (Wortsman et al. 2022); of none, leaves it as it is."""
    with torch.no_grad():
        for changes in zip(*(read_changes(path, base) for path in readers), strict=True):
            name = changes[0][0]
            network.get_parameter(name).copy_(before[name] + torch.stack([change for _, change in changes]).mean(0))


def _command(epochs: int, own_words: bool, news: bool, start: Sequence[Path], keep: float) -> str:
    words = ["python -m training.reader FOLDER", f"--epochs {epochs}"]
    words += ["--own-words"] * own_words + ["--news"] * news
    words += [f"--start {path.name}" for path in start] + [f"--keep {keep:g}"] * bool(keep)
    return " ".join(words)


def _origins(readers: Sequence[Path]) -> dict[str, Any]:
    """Returns the provenances that were written beside readers."""
    return {path.name: json.loads(path.with_suffix(".json").read_text(encoding="utf-8")) for path in readers}


def _provenance(questions: Data, news: Data | None) -> dict[str, Any]:
    worded = sum(gold.id in questions.wordings for gold in questions.learn)
    return {
        "data": "DRCD (DRCKnowledgeTeam, CC BY-SA 3.0), CMRC 2018 (ymcui, CC BY-SA 4.0) and XQuAD (google-deepmind,"
        " CC BY-SA 4.0), development parts; Simplified passages converted to Traditional with OpenCC; a fifth of the"
        " Chinese questions put word by word into English with CC-CEDICT (CC BY-SA 4.0), two fifths into other words"
        + f"; {worded} questions in readers' own words as well" * bool(worded)
        + (f"; {len(news.learn)} questions about made-up news" if news else ""),
        "licence": "CC BY-SA 4.0",
        "seed": SEED,
        "made": dt.date.today().isoformat(),
        "questions": len(questions.learn),
    }


def _without_attention_dropout(encoder: Any) -> None:
    """Lets PyTorch take its fast attention, which has none; it saves a sixth of the time."""
    for layer in encoder.encoder.layer:
        layer.attention.self.dropout.p = 0.0


def _batches(data: Data, news: Data | None, epochs: int) -> list[list[Example]]:
    drawn = (draw_examples(data, epoch, SEED, news) for epoch in range(epochs))
    return [batch for epoch, examples in enumerate(drawn) for batch in in_batches(examples, BATCH, SEED + epoch)]


def _train(
    network: ReaderNetwork,
    pairing: Pairing,
    data: Data,
    batches: Sequence[list[Example]],
    stop: int,
    rate: float,
    command: str,
) -> list[dict[str, float]]:
    optimiser, schedule = _optimiser(network, len(batches), rate)
    done, log = _resume(network, optimiser, schedule, command)
    started, seen, losses = time.monotonic(), done, []
    for at in range(done, min(len(batches), stop or len(batches))):
        network.train()
        torch.manual_seed(SEED * 1_000_003 + at)  # dropout draws alike after an interruption
        losses.append(_step(network, pairing, batches[at], optimiser, schedule))
        step = at + 1
        if step % PROGRESS_EVERY == 0:
            pace = (time.monotonic() - started) / (step - seen)
            left = pace * (len(batches) - step) / 60
            progress = f"loss {np.mean(losses[-100:]):.3f}, {pace:.2f} s a step, {left:.0f} min left"
            console.print(f"step {step}/{len(batches)}: {progress}")
        if step % SCORE_EVERY == 0:
            log.append({"step": step, **_score(network, pairing, data, SCORED)})
            console.print(log[-1])
        if step % KEEP_EVERY == 0:
            _keep(network, optimiser, schedule, {"command": command, "step": step, "log": log})
    return log


def _optimiser(network: ReaderNetwork, steps: int, rate: float) -> tuple[torch.optim.Optimizer, Any]:
    named = network.trained_parameters()
    for name, value in network.named_parameters():
        value.requires_grad_(name in named)
    layers = {name: value for name, value in named.items() if name.startswith("encoder.")}
    groups = [
        {"params": [v for n, v in layers.items() if v.ndim > 1], "lr": rate * LEARNING_RATE},
        {"params": [v for n, v in layers.items() if v.ndim < 2], "lr": rate * LEARNING_RATE, "weight_decay": 0.0},
        {"params": [v for n, v in named.items() if n not in layers], "lr": rate * HEAD_LEARNING_RATE},
    ]  # fmt: skip
    optimiser = torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY)
    return optimiser, get_linear_schedule_with_warmup(optimiser, WARM_UP, steps)


def _step(
    network: ReaderNetwork, pairing: Pairing, examples: list[Example], optimiser: torch.optim.Optimizer, schedule: Any
) -> float:
    pairs = [pairing.pair(example.question, example.window) for example in examples]
    loss = _loss(_read(network, pairs, pairing), pairs, examples)
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.trained_parameters().values(), CLIP)
    optimiser.step()
    schedule.step()
    return float(loss.detach())


def _read(network: ReaderNetwork, pairs: list[Pair], pairing: Pairing) -> Outputs:
    """Reads a batch, in bfloat16 where the processor computes it natively; the logits come in single precision."""
    native = torch.cpu.get_capabilities().get("avx512_bf16", False)
    with torch.autocast("cpu", torch.bfloat16, enabled=native):
        outputs = network(collate(pairs, pairing.padding))
    return Outputs(*(logits.float() for logits in outputs))


def _loss(outputs: Outputs, pairs: list[Pair], examples: list[Example]) -> torch.Tensor:
    """Adds the cross entropies of start and end, where there is an answer, and of whether there is one."""
    does = torch.tensor([example.answer is not None for example in examples])
    loss = torch.nn.functional.binary_cross_entropy_with_logits(outputs.answers, does.float())
    if does.any():
        places = [_tokens(pair, ex.answer) for pair, ex in zip(pairs, examples, strict=True) if ex.answer]
        starts, ends = torch.tensor(places).unbind(1)
        entropy = torch.nn.functional.cross_entropy
        loss = loss + (entropy(outputs.start[does], starts) + entropy(outputs.end[does], ends)) / 2
    return loss


def _tokens(pair: Pair, answer: tuple[int, int]) -> tuple[int, int]:
    inside = [at for at, (a, b) in enumerate(pair.offsets) if a < answer[1] and answer[0] < b]
    return pair.first + inside[0], pair.first + inside[-1]


def _score(network: ReaderNetwork, pairing: Pairing, data: Data, count: int) -> dict[str, float]:
    """Scores spans in windows that answer, and how well those are told from windows that do not."""
    network.eval()
    rows = []
    for gold, right, wrong in gold_examples(data, count, SEED):
        windows = [example for example in (right, wrong) if example]
        pairs = [pairing.pair(example.question, example.window) for example in windows]
        with torch.inference_mode():
            outputs = _read(network, pairs, pairing)
        start, end, _ = best_spans(outputs, pairs)[0][0]
        span = right.window[start:end]
        rows.append((gold, exact_match(span, gold.answers), f1(span, gold.answers), outputs.answers.tolist()))
    groups = {"": rows, "_english": [row for row in rows if row[0].in_english]}
    return {
        name + suffix: value
        for suffix, some in groups.items()
        if some
        for name, value in (
            ("em", round(100 * float(np.mean([row[1] for row in some])), 1)),
            ("f1", round(100 * float(np.mean([row[2] for row in some])), 1)),
            ("roc_auc", _roc_auc([row[3] for row in some])),
        )
    }


def _roc_auc(logits: list[list[float]]) -> float:
    labels = [at == 0 for row in logits for at in range(len(row))]
    return round(float(roc_auc_score(labels, [value for row in logits for value in row])), 4)


def _keep(network: ReaderNetwork, optimiser: torch.optim.Optimizer, schedule: Any, progress: Mapping[str, Any]) -> None:
    WORKSPACE.mkdir(parents=True, exist_ok=True)
    state = {
        "network": {name: value.detach() for name, value in network.trained_parameters().items()},
        "optimiser": optimiser.state_dict(),
        "schedule": schedule.state_dict(),
        **progress,
    }
    unfinished = WORKSPACE / "state.new"
    torch.save(state, unfinished)
    unfinished.replace(WORKSPACE / "state.pt")


def _resume(
    network: ReaderNetwork, optimiser: torch.optim.Optimizer, schedule: Any, command: str
) -> tuple[int, list[Any]]:
    path = WORKSPACE / "state.pt"
    if not path.exists():
        return 0, []
    state = torch.load(path)
    if state["command"] != command:
        raise typer.BadParameter(f"{path} goes on with `{state['command']}`; remove it to train with these options")
    with torch.no_grad():
        for name, value in state["network"].items():
            network.get_parameter(name).copy_(value)
    optimiser.load_state_dict(state["optimiser"])
    schedule.load_state_dict(state["schedule"])
    console.print(f"Going on after step {state['step']}")
    return state["step"], state["log"]


if __name__ == "__main__":
    typer.run(main)
