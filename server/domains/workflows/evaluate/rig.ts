import { fakeClock } from '../../../../test/clock.ts'
import { Budget } from './budget.ts'
import type { Limits } from './budget.ts'
import { compile, evaluate } from './expression.ts'
import type { Json, Scope } from './value.ts'

export const NOW = Date.UTC(2026, 10, 22, 10)

export function scope(part: Partial<Scope> = {}): Scope {
  return { input: {}, trigger: {}, steps: {}, vars: {}, now: NOW, time_zone: 'Europe/Berlin', ...part }
}

export function budget(limits: Partial<Limits> = {}): Budget {
  return new Budget(fakeClock(NOW), limits)
}

/** The value of an expression about this input. */
export function valueOf(source: string, input: Json = {}): Json {
  return evaluate(compile(source), scope({ input }), budget())
}
