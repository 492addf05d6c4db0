import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Agenda, type NewTask, type Task } from "../../src/simulation/agenda.ts";

const task = (slot: string, atMs: number, over: Partial<NewTask> = {}): NewTask => ({
  atMs,
  rank: 0,
  actor: "actor",
  key: slot.replace("actor ", ""),
  slot,
  cause: null,
  ...over,
});

const drained = (agenda: Agenda): readonly Task[] => {
  const tasks: Task[] = [];
  for (let next = agenda.take(Infinity); next; next = agenda.take(Infinity)) tasks.push(next);
  return tasks;
};

describe("an agenda", () => {
  it("hands tasks out by time, then by the actor's rank, then by entry", () => {
    const agenda = new Agenda();
    agenda.add(task("a", 20));
    agenda.add(task("b", 10, { rank: 2 }));
    agenda.add(task("c", 10, { rank: 1 }));
    agenda.add(task("d", 10, { rank: 1 }));
    expect(drained(agenda).map(({ slot }) => slot)).toEqual(["c", "d", "b", "a"]);
  });

  it("holds one task for a slot, the earliest, and the cause that came with it", () => {
    const agenda = new Agenda();
    agenda.add(task("a", 20, { cause: 1 }));
    agenda.add(task("a", 30, { cause: 2 }));
    agenda.add(task("a", 20, { cause: 3 }));
    expect(agenda.nextAtMs()).toBe(20);
    agenda.add(task("a", 5, { cause: 4 }));
    expect(drained(agenda).map(({ atMs, cause }) => [atMs, cause])).toEqual([[5, 4]]);
    agenda.add(task("a", 50));
    expect(agenda.nextAtMs()).toBe(50);
  });

  it("takes nothing before its time, and nothing that was cancelled", () => {
    const agenda = new Agenda();
    agenda.add(task("a", 20));
    expect(agenda.take(19)).toBeUndefined();
    agenda.cancel("a");
    expect(agenda.nextAtMs()).toBeUndefined();
    agenda.add(task("a", 40));
    expect(agenda.take(40)?.atMs).toBe(40);
  });
});

type Op =
  | { readonly op: "add"; readonly task: NewTask }
  | { readonly op: "cancel"; readonly slot: string }
  | { readonly op: "take"; readonly limitMs: number }
  | { readonly op: "reload" };

/** Some are the usual slot of the key, which is saved in fewer bytes. */
const slot = fc.constantFrom("a", "b", "actor c", "actor d");
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({ slot, atMs: fc.nat({ max: 9 }), rank: fc.nat({ max: 2 }), cause: fc.nat({ max: 9 }) })
      .map(({ slot: name, atMs, rank, cause }) => ({ op: "add" as const, task: task(name, atMs, { rank, cause }) })),
  },
  { weight: 1, arbitrary: slot.map((name) => ({ op: "cancel" as const, slot: name })) },
  { weight: 3, arbitrary: fc.nat({ max: 9 }).map((limitMs) => ({ op: "take" as const, limitMs })) },
  { weight: 1, arbitrary: fc.constant({ op: "reload" as const }) },
);

/** The same by scanning a list. */
class Naive {
  tasks: Task[] = [];
  entries = 0;

  add(added: NewTask): void {
    const held = this.tasks.find((other) => other.slot === added.slot);
    if (held && held.atMs <= added.atMs) return;
    this.cancel(added.slot);
    this.tasks.push({ ...added, entry: this.entries++ });
  }

  cancel(name: string): void {
    this.tasks = this.tasks.filter((other) => other.slot !== name);
  }

  take(limitMs: number): Task | undefined {
    const [first] = this.tasks.sort((a, b) => a.atMs - b.atMs || a.rank - b.rank || a.entry - b.entry);
    if (!first || first.atMs > limitMs) return undefined;
    this.cancel(first.slot);
    return first;
  }
}

describe("whatever is asked of it", () => {
  it("an agenda does what a sorted list would, and goes on from what it saved", () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 60 }), (ops) => {
        let agenda = new Agenda();
        const naive = new Naive();
        for (const one of ops) {
          if (one.op === "add") {
            agenda.add(one.task);
            naive.add(one.task);
          } else if (one.op === "cancel") {
            agenda.cancel(one.slot);
            naive.cancel(one.slot);
          } else if (one.op === "take") {
            expect(agenda.take(one.limitMs)).toEqual(naive.take(one.limitMs));
          } else {
            agenda = new Agenda(JSON.parse(JSON.stringify(agenda.state())));
          }
          expect(agenda.nextAtMs()).toBe(
            naive.tasks.length > 0 ? Math.min(...naive.tasks.map((t) => t.atMs)) : undefined,
          );
        }
        const rest: Task[] = [];
        for (let next = naive.take(Infinity); next; next = naive.take(Infinity)) rest.push(next);
        expect(drained(agenda)).toEqual(rest);
      }),
      { numRuns: 300 },
    );
  });
});
