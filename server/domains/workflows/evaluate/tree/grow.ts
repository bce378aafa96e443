import type {
  ArrayExpression,
  BinaryExpression,
  Expression,
  Identifier,
  Literal,
  LogicalExpression,
  MemberExpression,
  PrivateIdentifier,
  Property,
  SpreadElement,
  TemplateLiteral,
  UnaryExpression,
} from 'acorn'
import { CONSTANTS, FUNCTIONS } from '../library/table.ts'
import { BINARY, UNARY } from '../operators.ts'
import { growCall } from './call.ts'
import { dotted, growItem, notOurs, proto, refused, unknown } from './growth.ts'
import type { Growth, Names, Read } from './growth.ts'
import { NESTING_MAX } from './nesting.ts'
import { ROOTS } from './node.ts'
import type { Entry, Node, Root } from './node.ts'
import { Refused } from './refused.ts'

const ROOT_NAMES: ReadonlySet<string> = new Set(ROOTS)

/** Our own tree of what the parser found. Everything that is not allowed here by name is refused. */
export function growTree(expression: Expression, offset: number): { node: Node; reads: Read[] } {
  const growth: Growth = {
    offset,
    reads: [],
    slots: 0,
    depth: 0,
    grow(node, names) {
      growth.depth += 1
      if (growth.depth > NESTING_MAX)
        throw new Refused(`This is nested more than ${NESTING_MAX} levels deep.`, offset + node.start)
      const grown = growOne(node, names, growth)
      growth.depth -= 1
      return grown
    },
  }
  return { node: growth.grow(expression, new Map()), reads: growth.reads }
}

function growOne(node: Expression | PrivateIdentifier, names: Names, growth: Growth): Node {
  const at = growth.offset + node.start
  switch (node.type) {
    case 'Literal':
      return literal(node, at)
    case 'Identifier':
      return identifier(node, names, growth)
    case 'MemberExpression':
      return member(node, names, growth)
    case 'CallExpression':
      return growCall(node, names, growth)
    case 'ChainExpression':
      return { kind: 'chain', at, inner: growth.grow(node.expression, names) }
    case 'UnaryExpression':
      return unary(node, names, growth)
    case 'BinaryExpression':
      return binary(node, names, growth)
    case 'LogicalExpression':
      return logical(node, names, growth)
    case 'ConditionalExpression': {
      const [test, yes, no] = [node.test, node.consequent, node.alternate].map((part) =>
        growth.grow(part, names),
      )
      if (test === undefined || yes === undefined || no === undefined) throw refused(node, growth)
      return { kind: 'choice', at, test, yes, no }
    }
    case 'TemplateLiteral':
      return text(node, names, growth)
    case 'ArrayExpression':
      return array(node, names, growth)
    case 'ObjectExpression':
      return {
        kind: 'object',
        at,
        entries: node.properties.map((property) => entry(property, names, growth)),
      }
    default:
      throw refused(node, growth)
  }
}

function literal({ value, regex, bigint }: Literal, at: number): Node {
  if (regex !== undefined && regex !== null)
    throw new Refused('A regular expression is not allowed in an expression.', at)
  if (typeof value === 'bigint' || bigint !== undefined || value instanceof RegExp || value === undefined)
    throw new Refused('A whole number with n (BigInt) is not allowed in an expression.', at)
  return { kind: 'constant', at, value }
}

function identifier({ name, start }: Identifier, names: Names, growth: Growth): Node {
  const at = growth.offset + start
  const slot = names.get(name)
  if (slot !== undefined) return { kind: 'variable', at, slot }
  if (isRoot(name)) {
    growth.reads.push({ root: name, key: undefined, position: at })
    return { kind: 'root', at, name }
  }
  if (CONSTANTS.has(name)) return { kind: 'constant', at, value: CONSTANTS.get(name) }
  throw new Refused(unknown(name), at)
}

function isRoot(name: string): name is Root {
  return ROOT_NAMES.has(name)
}

/** `Math.PI` is a constant, everything else with a dot or in square brackets reads an own property. */
function member(node: MemberExpression, names: Names, growth: Growth): Node {
  const at = growth.offset + node.property.start
  const named = dotted(node, names)
  if (named !== undefined) {
    if (CONSTANTS.has(named)) return { kind: 'constant', at, value: CONSTANTS.get(named) }
    throw new Refused(FUNCTIONS.has(named) ? unknown(named) : notOurs(named), at)
  }
  const { object } = node
  if (object.type === 'Super') throw refused(object, growth)
  const key = keyOf(node, names, growth)
  const root = object.type === 'Identifier' && !names.has(object.name) ? object.name : ''
  const optional = node.optional
  if (!isRoot(root) || typeof key !== 'string') {
    const grown = growth.grow(object, names)
    if (typeof key === 'string') noteField(grown, key, growth)
    return { kind: 'member', at, object: grown, key, optional }
  }
  const start = growth.offset + object.start
  growth.reads.push({ root, key, position: start })
  return { kind: 'member', at, object: { kind: 'root', at: start, name: root }, key, optional }
}

/** Notes a field that is read of `steps.fetch`. */
function noteField(object: Node, field: string, { reads }: Growth): void {
  if (object.kind !== 'member' || object.object.kind !== 'root' || typeof object.key !== 'string') return
  reads.push({ root: object.object.name, key: object.key, field, position: object.object.at })
}

function keyOf({ property, computed }: MemberExpression, names: Names, growth: Growth): string | Node {
  if (property.type === 'PrivateIdentifier') throw refused(property, growth)
  const key = computed || property.type !== 'Identifier' ? growth.grow(property, names) : property.name
  const known =
    typeof key !== 'string' && key.kind === 'constant' && typeof key.value === 'string' ? key.value : key
  if (known === '__proto__') throw proto(growth.offset + property.start)
  return known
}

function unary(node: UnaryExpression, names: Names, growth: Growth): Node {
  const apply = UNARY.get(node.operator)
  const at = growth.offset + node.start
  if (apply === undefined) throw new Refused(`\`${node.operator}\` is not allowed in an expression.`, at)
  return { kind: 'unary', at, apply, operand: growth.grow(node.argument, names) }
}

function binary(node: BinaryExpression, names: Names, growth: Growth): Node {
  const apply = BINARY.get(node.operator)
  const left = growth.grow(node.left, names)
  const at = growth.offset + node.start
  if (apply === undefined) throw new Refused(`\`${node.operator}\` is not allowed in an expression.`, at)
  return { kind: 'binary', at, apply, left, right: growth.grow(node.right, names) }
}

function logical(node: LogicalExpression, names: Names, growth: Growth): Node {
  const kind = ({ '&&': 'and', '||': 'or', '??': 'else' } as const)[node.operator]
  const left = growth.grow(node.left, names)
  return { kind, at: growth.offset + node.start, left, right: growth.grow(node.right, names) }
}

function text({ quasis, expressions, start }: TemplateLiteral, names: Names, growth: Growth): Node {
  const at = growth.offset + start
  const texts = quasis.map(({ value: { cooked } }) => cooked ?? '')
  return { kind: 'text', at, texts, values: expressions.map((part) => growth.grow(part, names)) }
}

function array({ elements, start }: ArrayExpression, names: Names, growth: Growth): Node {
  const at = growth.offset + start
  const items = elements.map((element) => {
    if (element === null) throw new Refused('An empty place in an array is not allowed in an expression.', at)
    return growItem(element, names, growth)
  })
  return { kind: 'array', at, items }
}

function entry(property: Property | SpreadElement, names: Names, growth: Growth): Entry {
  if (property.type === 'SpreadElement') return { node: growth.grow(property.argument, names) }
  const at = growth.offset + property.start
  if (property.kind !== 'init') throw new Refused('A getter or setter is not allowed in an expression.', at)
  if (property.method) throw new Refused('A method of an object is not allowed in an expression.', at)
  return { key: entryKey(property, names, growth), node: growth.grow(property.value, names) }
}

function entryKey({ key, computed }: Property, names: Names, growth: Growth): string | Node {
  if (computed) return growth.grow(key, names)
  if (key.type !== 'Identifier' && key.type !== 'Literal') throw refused(key, growth)
  const name = key.type === 'Identifier' ? key.name : String(key.value)
  if (name === '__proto__') throw proto(growth.offset + key.start)
  return name
}
