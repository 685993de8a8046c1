import type { HelperAnswer, HelperBody, HelperRequest } from "./check-helper.ts";
import type { CheckTask, TaskOutcome } from "./check-tasks.ts";

/** Another thread that runs `serveCheck`, as the platform has it. */
export interface HelperThread {
  send(request: HelperRequest): void;
  onAnswer(listener: (answer: HelperAnswer) => void): void;
  /** Called when the thread dies of itself or could not be started. */
  onDeath(listener: (message: string) => void): void;
  /** While busy the program does not end. */
  hold(busy: boolean): void;
  terminate(): void;
}

/** Where helpers come from. `spawn` may throw where none can be made. */
export interface HelperSupply {
  readonly count: number;
  spawn(): HelperThread;
}

/** A helper died with work in hand. */
export class HelperDied extends Error {}

/** More helpers than this find nothing to do: walls, and pull directions side by side, take most of a check. */
const MOST_HELPERS = 3;

/** Helpers for one check that has so many cores to itself: one core is its own. */
export const helpersFor = (cores: number): number => Math.max(0, Math.min(MOST_HELPERS, cores - 1));

/** A part below this many facets is checked before a second thread has warmed up. */
export const SHARED_FACETS = 1000;
/** Tasks a helper has in hand: one at work and one waiting, so that it need not wait for a busy asker. */
const IN_HAND = 2;

/** One helper of a check. */
interface Helper {
  readonly thread: HelperThread;
  ready: boolean;
  /** Names of tasks asked and not answered, in order. */
  readonly inHand: string[];
  /** Outcomes it made or was given. */
  readonly knows: Set<string>;
  holds: HelperBody | undefined;
}

/** A body's tasks in the making, as helpers see them. */
interface Shared {
  readonly body: HelperBody;
  readonly spatial: WebAssembly.Module;
  readonly tasks: readonly CheckTask[];
  readonly outcomes: Map<string, TaskOutcome>;
  readonly taken: Set<string>;
  readonly onDone: (task: CheckTask, ms: number) => void;
}

/**
 * Threads that take tasks of a check beside the thread that asks, kept warm from check to check. One that cannot be
 * started is done without; one that dies at work makes the check fail with {@link HelperDied}. What comes out does not
 * depend on who did which task.
 */
export class CheckHelpers {
  readonly #supply: HelperSupply;
  #helpers: Helper[] = [];
  #started = false;
  #shared: Shared | undefined;
  #failure: Error | undefined;
  #wake: () => void = () => {};

  constructor(supply: HelperSupply) {
    this.#supply = supply;
  }

  /** Starts the threads, where they are not there yet, so that they are warm when they are needed. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (let i = 0; i < this.#supply.count; i++) {
      try { this.#add(this.#supply.spawn()); } catch { /* none can be made here: one thread does it all */ }
    }
  }

  /** Ends the threads; the next {@link start} makes others. */
  end(): void {
    for (const { thread } of this.#helpers) thread.terminate();
    this.#helpers = [];
    this.#started = false;
  }

  /** Offers a body's tasks. Helpers begin at once and go on whenever this thread lets messages in. */
  share(shared: Shared): void {
    this.start();
    this.#shared = shared;
    this.#failure = undefined;
    this.#assign();
  }

  /** Throws what went wrong in a helper since the last look. */
  throwIfFailed(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Settles when a helper answers or dies, or the signal is set. */
  async next(signal: AbortSignal | undefined): Promise<void> {
    if (this.#failure || signal?.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      signal?.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** No more of this body. Helpers that are still at work, after a cancel or an error, are ended. */
  finish(): void {
    this.#shared = undefined;
    if (this.#helpers.some(({ inHand }) => inHand.length > 0)) return this.end();
    for (const helper of this.#helpers) if (helper.holds) { helper.thread.send({ kind: "drop" }); helper.holds = undefined; helper.knows.clear(); }
  }

  #add(thread: HelperThread): void {
    const helper: Helper = { thread, ready: false, inHand: [], knows: new Set(), holds: undefined };
    this.#helpers.push(helper);
    thread.onAnswer((answer) => this.#hear(helper, answer));
    thread.onDeath((message) => {
      if (!this.#helpers.includes(helper)) return;
      this.#helpers = this.#helpers.filter((other) => other !== helper);
      thread.terminate();
      // One that was never ready is not tried again; the place of one that worked is filled at the next start.
      if (helper.ready) this.#started = false;
      if (helper.inHand.length > 0) this.#fail(new HelperDied(message));
    });
  }

  #hear(helper: Helper, answer: HelperAnswer): void {
    if (!this.#helpers.includes(helper)) return;
    if (answer.kind === "failed") return this.#fail(new Error(answer.message));
    if (answer.kind === "ready") helper.ready = true;
    if (answer.kind === "done") {
      const shared = this.#shared, task = shared?.tasks.find(({ name }) => name === answer.name);
      helper.inHand.shift();
      helper.knows.add(answer.name);
      if (helper.inHand.length === 0) helper.thread.hold(false);
      if (task) { shared?.outcomes.set(task.name, answer.outcome); shared?.onDone(task, answer.ms); }
    }
    this.#assign();
    this.#wake();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  #assign(): void {
    const shared = this.#shared;
    if (!shared) return;
    for (let depth = 1; depth <= IN_HAND; depth++) for (const helper of this.#helpers) {
      if (!helper.ready || helper.inHand.length >= depth) continue;
      const task = shared.tasks.find((t) => !t.here && !shared.taken.has(t.name) && t.needs.every((n) => shared.outcomes.has(n) || helper.inHand.includes(n)));
      if (task) this.#ask(helper, task, shared);
    }
  }

  #ask(helper: Helper, task: CheckTask, { body, spatial, outcomes, taken }: Shared): void {
    taken.add(task.name);
    if (helper.holds !== body) {
      helper.thread.send({ kind: "body", body, spatial });
      helper.holds = body;
      helper.knows.clear();
    }
    const given = task.needs.flatMap((name) => { const outcome = outcomes.get(name); return outcome && !helper.knows.has(name) ? [[name, outcome] as const] : []; });
    for (const [name] of given) helper.knows.add(name);
    helper.inHand.push(task.name);
    helper.thread.hold(true);
    helper.thread.send({ kind: "task", name: task.name, given });
  }
}
