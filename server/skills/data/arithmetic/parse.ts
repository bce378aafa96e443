import { ActionError } from '../../skill.ts'
import { sayCount } from '../../say.ts'
import { openCursor, expect, lost, peek, skip, within } from './cursor.ts'
import type { Cursor } from './cursor.ts'
import { FUNCTIONS, POWER, PRODUCT, SIGN, SUM, VERBS } from './functions.ts'
import type { FunctionForm, VerbForm } from './functions.ts'
import { readNumber, readOrdinal } from './numbers.ts'
import { tokensOf } from './tokens.ts'
import { call, number } from './tree.ts'
import type { Operation, Tree } from './tree.ts'

const SUMS: Readonly<Record<string, Operation>> = { '+': 'add', '-': 'subtract' }
const PRODUCTS: Readonly<Record<string, Operation>> = {
  '*': 'multiply',
  x: 'multiply',
  '/': 'divide',
  mod: 'mod',
  choose: 'choose',
}
const PREFIXES: Readonly<Record<string, number>> = { double: 2, twice: 2, triple: 3, thrice: 3, quadruple: 4 }
const ANGLES = new Set<Operation>(['sin', 'cos', 'tan'])
const CONSTANTS: Readonly<Record<string, Operation>> = { pi: 'pi', tau: 'tau', e: 'e' }

/**
 * Reads arithmetic as it is written or spoken: "12 * (3 + 4)", "17 percent of 2,340", "half of 90".
 *
 * @returns the tree, and whether anything is calculated: a lone number is well-formed but calculates nothing.
 * @throws ActionError when it is no arithmetic, too long or too deeply nested.
 */
export function parseArithmetic(text: string): { tree: Tree; calculates: boolean } {
  const cursor = openCursor(tokensOf(text))
  const tree = readExpression(cursor, 0)
  if (cursor.at < cursor.tokens.length) throw lost(cursor)
  return { tree, calculates: cursor.calculates }
}

function readExpression(cursor: Cursor, least: number): Tree {
  let left = readOperand(cursor)
  for (;;) {
    const next = readPostfix(cursor, left) ?? readInfix(cursor, left, least)
    if (next === undefined) return left
    // A lone percentage is still only a number.
    if (next.kind !== 'call' || next.name !== 'percent') cursor.calculates = true
    left = next
  }
}

function readOperand(cursor: Cursor): Tree {
  // "tip on a 64 dollar bill"; in "a hundred" the article is the number.
  if (/^an?$/.test(peek(cursor)) && /^\d/.test(peek(cursor, 1))) cursor.at += 1
  const plain = readNumber(cursor)
  if (plain !== undefined) return plain
  const token = peek(cursor)
  if (token === '') throw lost(cursor)
  cursor.at += 1
  if (token === '(') return within(cursor, () => readGroup(cursor))
  if (token === '+') return within(cursor, () => readExpression(cursor, SIGN))
  if (token === '-') return within(cursor, () => call('negate', readExpression(cursor, SIGN)))
  const constant = own(CONSTANTS, token)
  if (constant !== undefined) return call(constant)
  cursor.calculates = true
  return within(cursor, () => readNamed(cursor, token))
}

/** Names come from users, so that only a table's own entries count: not `constructor`. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

function readGroup(cursor: Cursor): Tree {
  const inner = readExpression(cursor, 0)
  expect(cursor, [')'])
  return inner
}

function readNamed(cursor: Cursor, token: string): Tree {
  const form = own(FUNCTIONS, token)
  if (form !== undefined) return readFunction(cursor, form)
  const verb = own(VERBS, token)
  if (verb !== undefined) return readVerb(cursor, verb)
  const factor = own(PREFIXES, token)
  if (factor !== undefined) return call('multiply', number(factor), readExpression(cursor, SIGN))
  const power = token === 'square' ? 2 : token === 'cube' ? 3 : undefined
  if (power !== undefined && skip(cursor, 'of'))
    return call('power', readExpression(cursor, SIGN), number(power))
  if (token === 'whatpercent') {
    const whole = readExpression(cursor, SUM)
    expect(cursor, ['is'])
    return share(readExpression(cursor, SUM), whole)
  }
  if (token === 'logbase') {
    const base = readExpression(cursor, SIGN)
    expect(cursor, ['of'])
    return call('log', readExpression(cursor, SIGN), base)
  }
  cursor.at -= 1
  throw lost(cursor)
}

function share(part: Tree, whole: Tree): Tree {
  return call('multiply', call('divide', part, whole), number(100))
}

function readFunction(cursor: Cursor, form: FunctionForm): Tree {
  const angle = ANGLES.has(form.name) ? 1 : 0
  cursor.angles += angle
  const of = readArguments(cursor, form)
  cursor.angles -= angle
  if (of.length < form.least || of.length > form.most) {
    const wanted = form.least === form.most ? '' : `${form.least} to `
    throw new ActionError(`"${form.name}" takes ${wanted}${sayCount(form.most, 'number')}, not ${of.length}.`)
  }
  return call(form.name === 'log10' && of.length === 2 ? 'log' : form.name, ...of)
}

function readArguments(cursor: Cursor, form: FunctionForm): Tree[] {
  const written = peek(cursor) === '('
  if (written) {
    cursor.at += 1
    const of = readList(cursor)
    expect(cursor, [')'])
    return of
  }
  if (!skip(cursor, 'of')) skip(cursor, 'between')
  return form.most === 1 ? [readExpression(cursor, SIGN)] : readList(cursor)
}

/** Items joined by commas, "and" or other words, in any mix. */
function readList(cursor: Cursor, joins: readonly string[] = [',', 'and']): Tree[] {
  const items = [readExpression(cursor, 0)]
  for (;;) {
    const start = cursor.at
    while (joins.includes(peek(cursor))) cursor.at += 1
    if (cursor.at === start) return items
    items.push(readExpression(cursor, 0))
  }
}

function readVerb(cursor: Cursor, form: VerbForm): Tree {
  if (!skip(cursor, 'of')) skip(cursor, 'between')
  const first = readExpression(cursor, form.binds ?? SUM + 1)
  const isTo = peek(cursor) === 'to'
  expect(cursor, form.joins)
  if (form.name === 'sum') {
    const others = readList(cursor, form.joins)
    const [whole] = others
    // "add 20 percent to 50"
    if (isTo && isPercentage(first) && whole !== undefined && others.length === 1)
      return sum('add', whole, first)
    return call('sum', first, ...others)
  }
  const ordinal = form.name === 'power' ? readOrdinal(cursor) : undefined
  const second = ordinal ?? readExpression(cursor, form.swapped === true ? 0 : SUM + 1)
  if ((form.name === 'add' || form.name === 'subtract') && form.absolute !== true)
    return form.swapped === true ? sum(form.name, second, first) : sum(form.name, first, second)
  const result = call(form.name, first, second)
  return form.absolute === true ? call('abs', result) : result
}

function isPercentage(tree: Tree): boolean {
  return tree.kind === 'call' && tree.name === 'percent'
}

/** Adds or takes away; a percentage is one of the other number, as people mean "80 minus 15 percent". */
function sum(name: 'add' | 'subtract', left: Tree, right: Tree): Tree {
  if (isPercentage(right)) return call('multiply', left, call(name, number(1), right))
  return call(name, left, right)
}

function readPostfix(cursor: Cursor, left: Tree): Tree | undefined {
  const token = peek(cursor)
  const isModulo = token === '%' && startsOperand(peek(cursor, 1))
  if ((token === '%' && !isModulo) || token === 'percent') return advance(cursor, () => call('percent', left))
  if (token === '!' || token === 'factorial') return advance(cursor, () => call('factorial', left))
  if (token === 'squared') return advance(cursor, () => call('power', left, number(2)))
  if (token === 'cubed') return advance(cursor, () => call('power', left, number(3)))
  if (token === 'deg' && cursor.angles > 0) return advance(cursor, () => call('radians', left))
  return undefined
}

/** Whether a number or a parenthesis follows: then `%` is the remainder, as in "17 % 5". */
function startsOperand(token: string): boolean {
  return /^[\d.(]/.test(token) || own(CONSTANTS, token) !== undefined
}

function advance<T>(cursor: Cursor, read: () => T): T {
  cursor.at += 1
  return read()
}

function readInfix(cursor: Cursor, left: Tree, least: number): Tree | undefined {
  const token = peek(cursor)
  const plus = own(SUMS, token)
  if ((plus === 'add' || plus === 'subtract') && SUM >= least)
    return advance(cursor, () => sum(plus, left, readExpression(cursor, SUM + 1)))
  if (token === '^' && POWER >= least) {
    cursor.at += 1
    // Powers group from the right: 2 ^ 3 ^ 2 is 2 ^ 9.
    return within(cursor, () => call('power', left, readOrdinal(cursor) ?? readExpression(cursor, POWER)))
  }
  return PRODUCT >= least ? readProduct(cursor, left) : undefined
}

function readProduct(cursor: Cursor, left: Tree): Tree | undefined {
  const token = peek(cursor)
  const right = () => readExpression(cursor, PRODUCT + 1)
  const times = token === '%' ? 'mod' : own(PRODUCTS, token)
  if (times !== undefined) return advance(cursor, () => call(times, left, right()))
  if (token === '(' || token === 'pi' || token === 'sqrt') return call('multiply', left, right())
  if (token === 'into') return advance(cursor, () => call('divide', right(), left))
  if (token === 'outof') return advance(cursor, () => share(left, right()))
  if (token === 'of' && isShare(left)) return advance(cursor, () => call('multiply', left, right()))
  if (token === 'off' || token === 'lessthan')
    return advance(cursor, () => changed('subtract', right(), left))
  if (token === 'morethan') return advance(cursor, () => changed('add', right(), left))
  return undefined
}

/** "15% off 80", "half off 80", "5 off 80": a share is one of the whole. */
function changed(name: 'add' | 'subtract', whole: Tree, by: Tree): Tree {
  return isShare(by) ? call('multiply', whole, call(name, number(1), by)) : call(name, whole, by)
}

/** A percentage, or a fraction in words or as in "3/4 of 18". */
function isShare(tree: Tree): boolean {
  if (tree.kind === 'number') return false
  const isQuotient = tree.name === 'divide' && tree.of.every(({ kind }) => kind === 'number')
  return isQuotient || tree.name === 'percent' || tree.name === 'fraction'
}
