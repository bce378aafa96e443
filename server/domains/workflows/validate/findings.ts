import type { DefinitionProblem } from '../../../../contract/workflows.ts'
import type { Code } from './codes.ts'
import { compare, placesIn, short } from './pointer.ts'

/** Problems told at once, errors and warnings apart. */
const PROBLEMS_MAX = 500
/** Problems that are put in order; what is found beyond is only counted, so that nobody pays for a heap of them. */
const KEPT_MAX = 5_000
/** Characters of what a message repeats. */
const QUOTED_MAX = 80

export interface Told {
  valid: boolean
  errors: DefinitionProblem[]
  warnings: DefinitionProblem[]
}

/** Gathers what is wrong. */
export class Findings {
  readonly #errors = new Gathered()
  readonly #warnings = new Gathered()

  error(path: string, code: Code, message: string): void {
    this.#errors.add({ path: short(path), code, message })
  }

  warn(path: string, code: Code, message: string): void {
    this.#warnings.add({ path: short(path), code, message })
  }

  /** All that was found, in the order of the document. */
  told(document: unknown): Told {
    const places = placesIn(document)
    const errors = this.#errors.inOrder(places)
    return { valid: errors.length === 0, errors, warnings: this.#warnings.inOrder(places) }
  }
}

class Gathered {
  readonly #problems = new Map<string, DefinitionProblem>()
  #lost = 0

  add(problem: DefinitionProblem): void {
    if (this.#problems.size < KEPT_MAX)
      this.#problems.set(`${problem.path} ${problem.code} ${problem.message}`, problem)
    else this.#lost += 1
  }

  inOrder(places: (pointer: string) => readonly number[]): DefinitionProblem[] {
    const sorted = [...this.#problems.values()]
      .map((problem) => ({ problem, place: places(problem.path) }))
      .toSorted((a, b) => compare(a.place, b.place))
      .map(({ problem }) => problem)
    const more = Math.max(0, sorted.length - PROBLEMS_MAX) + this.#lost
    if (more === 0) return sorted
    const last = { path: '', code: 'MORE' satisfies Code, message: `There are ${more} more problems.` }
    return [...sorted.slice(0, PROBLEMS_MAX), last]
  }
}

/** What somebody wrote, as a message may repeat it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX)}...` : text)
}
