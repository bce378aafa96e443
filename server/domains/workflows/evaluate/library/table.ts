import { toText } from '../coerce.ts'
import { isFields, isList } from '../value.ts'
import type { Value } from '../value.ts'
import { ARRAY_METHODS } from './arrays.ts'
import { DATE_FUNCTIONS } from './dates.ts'
import type { Call, Helper } from './call.ts'
import { BOOLEAN_METHODS, NUMBER_CONSTANTS, NUMBER_FUNCTIONS, NUMBER_METHODS } from './numbers.ts'
import { OBJECT_FUNCTIONS } from './objects.ts'
import { STRING_METHODS } from './strings.ts'

/** Everything that can be called by name, such as `Math.max` and `addDays`. */
export const FUNCTIONS: ReadonlyMap<string, Helper> = new Map([
  ...NUMBER_FUNCTIONS,
  ...OBJECT_FUNCTIONS,
  ...DATE_FUNCTIONS,
])

/** Names that stand for values. */
export const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ...NUMBER_CONSTANTS,
])

/** Names that only stand before a dot. */
export const NAMESPACES: ReadonlySet<string> = new Set(
  [...FUNCTIONS.keys(), ...NUMBER_CONSTANTS.keys()].flatMap((name) =>
    name.includes('.') ? [name.slice(0, name.indexOf('.'))] : [],
  ),
)

/** The names of all methods, of whatever they are. */
export const METHOD_NAMES: ReadonlySet<string> = new Set(
  [STRING_METHODS, ARRAY_METHODS, NUMBER_METHODS, BOOLEAN_METHODS].flatMap((methods) => [...methods.keys()]),
)

/** The method of that name for this value. It is looked up here, never on the value. */
export function methodOf(value: Value, name: string): ((call: Call) => Value) | undefined {
  if (typeof value === 'string') return bound(value, STRING_METHODS.get(name))
  if (typeof value === 'number') return bound(value, NUMBER_METHODS.get(name))
  if (typeof value === 'boolean') return bound(value, BOOLEAN_METHODS.get(name))
  if (isList(value)) return bound(value, ARRAY_METHODS.get(name))
  return isFields(value) && name === 'toString' ? ({ budget }) => toText(value, budget) : undefined
}

function bound<Receiver>(
  receiver: Receiver,
  method: ((receiver: Receiver, call: Call) => Value) | undefined,
): ((call: Call) => Value) | undefined {
  return method === undefined ? undefined : (call) => method(receiver, call)
}
