import type { Budget } from '../budget.ts'
import type { Value } from '../value.ts'

/** A function of the expression, for the time of one call. */
export type Callback = (...values: Value[]) => Value

/** One call of a helper. */
export interface Call {
  readonly values: readonly Value[]
  readonly callback: Callback | undefined
  readonly budget: Budget
  /** Epoch milliseconds. */
  readonly now: number
  readonly time_zone: string
}

export type Helper = (call: Call) => Value
export type Method<Receiver> = (receiver: Receiver, call: Call) => Value
