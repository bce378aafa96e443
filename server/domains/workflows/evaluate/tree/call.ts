import type {
  ArrowFunctionExpression,
  CallExpression,
  Expression,
  MemberExpression,
  Pattern as Written,
  SpreadElement,
} from 'acorn'
import { WITH_FUNCTION } from '../library/arrays.ts'
import { FUNCTIONS, METHOD_NAMES } from '../library/table.ts'
import { dotted, growItem, notOurs, proto, refused, unknown } from './growth.ts'
import type { Growth, Names } from './growth.ts'
import type { Function, Node, Pattern } from './node.ts'
import { Refused } from './refused.ts'

/** A call of a helper by its name, or of a method of ours. */
export function growCall(node: CallExpression, names: Names, growth: Growth): Node {
  const { callee } = node
  const at = growth.offset + node.start
  if (node.optional)
    throw new Refused(
      '`?.(` is not allowed in an expression: a helper is always there.',
      growth.offset + callee.end,
    )
  if (callee.type === 'MemberExpression') {
    const named = dotted(callee, names)
    return named === undefined ? method(node, callee, names, growth) : called(named, node, names, growth)
  }
  if (callee.type === 'Identifier' && !names.has(callee.name)) return called(callee.name, node, names, growth)
  throw new Refused('Only the helpers can be called in an expression.', at)
}

function called(name: string, node: CallExpression, names: Names, growth: Growth): Node {
  const helper = FUNCTIONS.get(name)
  const at = growth.offset + node.start
  if (helper === undefined) {
    const { callee } = node
    throw callee.type === 'MemberExpression'
      ? new Refused(notOurs(name), growth.offset + callee.property.start)
      : new Refused(uncallable(name), at)
  }
  return { kind: 'call', at, helper, items: node.arguments.map((item) => growItem(item, names, growth)) }
}

function uncallable(name: string): string {
  return name === 'now' ? '`now` is a value and not a function: write it without brackets.' : unknown(name)
}

function method(node: CallExpression, callee: MemberExpression, names: Names, growth: Growth): Node {
  const { property, object } = callee
  const at = growth.offset + property.start
  if (callee.computed || property.type !== 'Identifier')
    throw new Refused('A method can only be called by its name, as in `text.trim()`.', at)
  if (object.type === 'Super') throw refused(object, growth)
  const { name } = property
  // What is before it comes first: a regular expression is refused as such, and not for what is asked of it.
  const receiver = growth.grow(object, names)
  if (!METHOD_NAMES.has(name)) throw new Refused(notOurs(name), at)
  const [first, ...rest] = node.arguments
  const takes = WITH_FUNCTION.get(name)
  if (first?.type === 'FunctionExpression') throw refused(first, growth)
  const callback = takes === undefined ? undefined : functionOf(first, names, growth)
  if (callback === undefined && takes !== undefined && !(takes === 'possible' && first === undefined))
    throw new Refused(`\`${name}\` takes a function as its first argument, such as \`x => x.name\`.`, at)
  const items = (callback === undefined ? node.arguments : rest).map((item) => growItem(item, names, growth))
  return { kind: 'method', at, object: receiver, name, optional: callee.optional, items, callback }
}

/** A function where one may stand: an arrow, or the name of one of ours. */
function functionOf(
  node: Expression | SpreadElement | undefined,
  names: Names,
  growth: Growth,
): Function | undefined {
  if (node?.type === 'ArrowFunctionExpression') return arrow(node, names, growth)
  const name =
    node?.type === 'Identifier' && !names.has(node.name)
      ? node.name
      : node?.type === 'MemberExpression'
        ? dotted(node, names)
        : undefined
  const helper = name === undefined ? undefined : FUNCTIONS.get(name)
  return helper === undefined ? undefined : { helper }
}

function arrow(node: ArrowFunctionExpression, names: Names, growth: Growth): Function {
  const at = growth.offset + node.start
  if (node.async) throw new Refused('An asynchronous function is not allowed in an expression.', at)
  if (node.body.type === 'BlockStatement')
    throw new Refused(
      'A function in an expression is one expression: `x => x.name`, without braces.',
      growth.offset + node.body.start,
    )
  const own = new Map(names)
  const parameters = node.params.map((parameter) => pattern(parameter, own, growth))
  return { parameters, body: growth.grow(node.body, own) }
}

/** A parameter, or the parts of one: `[key, value]` and `{ name }`. */
function pattern(node: Written, own: Map<string, number>, growth: Growth): Pattern {
  const at = growth.offset + node.start
  if (node.type === 'Identifier') {
    const slot = growth.slots
    growth.slots += 1
    own.set(node.name, slot)
    return { slot }
  }
  if (node.type === 'ArrayPattern')
    return {
      at,
      items: node.elements.map((part) => (part === null ? undefined : pattern(part, own, growth))),
    }
  if (node.type !== 'ObjectPattern') throw refused(node, growth)
  const fields = node.properties.map((property): readonly [string, Pattern] => {
    if (property.type === 'RestElement' || property.computed || property.key.type !== 'Identifier')
      throw refused(property, growth)
    if (property.key.name === '__proto__') throw proto(growth.offset + property.key.start)
    return [property.key.name, pattern(property.value, own, growth)]
  })
  return { at, fields }
}
