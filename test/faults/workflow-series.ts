import type { Book } from './workflow-book.ts'
import { findChanged, findRepeated, findUnexplained } from './workflow-check.ts'
import { findUnfinished } from './workflow-end.ts'
import type { Asked, Outside } from './workflow-outside.ts'
import { NOTHING, readState } from './workflow-state.ts'
import type { Event, State } from './workflow-state.ts'

export interface WorkflowFigures {
  kills: number
  /** Runs that ended, and the acknowledged ones among them. */
  runs: number
  acknowledged: number
  steps: number
  /** Steps that sent something while the server was killed. */
  unknown: number
  requests: number
  /** Of these, the ones that only read, and did again what a kill had cut short. */
  again: number
  violations: string[]
}

/** Problems that are told of one process. */
const PROBLEMS_MAX = 5

/** Holds what each process leaves against what the one before it had left. */
export class Series {
  readonly #outside: Outside
  readonly #seed: number
  readonly #events = new Map<number, Event>()
  #state: State = NOTHING
  #taken = 0
  #processes = 0
  readonly violations: string[] = []

  constructor(outside: Outside, seed: number) {
    this.#outside = outside
    this.#seed = seed
  }

  /** Looks at what a process has left that is gone now. */
  look(data_dir: string): void {
    this.#advance(readState(data_dir, { halves: false }))
  }

  /** The same after the last process; `left` runs did not end. */
  finish(data_dir: string, book: Book, { kills, left }: { kills: number; left: number }): WorkflowFigures {
    const state = readState(data_dir, { halves: true })
    this.#advance(state)
    if (left > 0) this.#complain([`${left} runs do not end`])
    // What was found before has ended the series early.
    else if (this.violations.length === 0)
      this.#complain(findUnfinished(state, book.started(), [...this.#events.values()]))
    const statuses = [...state.steps.values()].map(({ status }) => status)
    const { asked } = this.#outside
    return {
      kills,
      runs: state.runs.size,
      acknowledged: book.started().size,
      steps: statuses.length,
      unknown: statuses.filter((status) => status === 'unknown').length,
      requests: asked.length,
      again: repeatedOf(state, asked),
      violations: this.violations,
    }
  }

  #advance(after: State): void {
    const before = this.#state
    const asked = this.#outside.asked.slice(this.#taken)
    this.#complain([
      ...findChanged(before, after),
      ...findRepeated(before, after, asked),
      ...findUnexplained(before, after),
    ])
    for (const event of after.events) this.#events.set(event.seq, event)
    this.#state = after
    this.#taken += asked.length
    this.#processes += 1
  }

  #complain(problems: readonly string[]): void {
    if (problems.length === 0) return
    const some = problems.slice(0, PROBLEMS_MAX).join('; ')
    const more = problems.length > PROBLEMS_MAX ? `; and ${problems.length - PROBLEMS_MAX} more` : ''
    this.violations.push(`seed ${this.#seed}, process ${this.#processes}: ${some}${more}`)
  }
}

/** Requests that only read beyond one for each attempt: their attempt began anew after a kill. */
function repeatedOf({ steps, runs }: State, asked: readonly Asked[]): number {
  const names = new Map([...runs.values()].map(({ name, id }) => [name, id]))
  const reading = asked.filter(({ sends, isPutOff }) => !sends && !isPutOff)
  const keys = new Set(reading.map(({ name, step }) => `${names.get(name)}/${step}`))
  return [...keys].reduce((left, key) => left - (steps.get(key)?.attempts ?? 0), reading.length)
}
