import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Fault } from '../../../kernel/fault.ts'
import { LIMITS } from './budget.ts'
import { compile, evaluate } from './expression.ts'
import { EvaluationError } from './place.ts'
import { budget, scope } from './rig.ts'
import type { Json } from './value.ts'

interface Row {
  readonly kind: 'expression' | 'escape' | 'denial'
  readonly source: string
  readonly input?: Json
  readonly steps?: Json
  readonly vars?: Json
  readonly value?: Json
  readonly may_be_refused?: boolean
}

type Outcome = { readonly end: 'value'; readonly value: Json } | { readonly end: 'refused' | 'error' }

/** A piece of a source: as it is, so many times, or with each of so many numbers from 0 for `#`. */
type Piece =
  | string
  | { repeat: [text: string, times: number] }
  | { numbered: [text: string, times: number, between: string] }

function expand(piece: Piece): string {
  if (typeof piece === 'string') return piece
  if ('repeat' in piece) return piece.repeat[0].repeat(piece.repeat[1])
  const [text, length, between] = piece.numbered
  return Array.from({ length }, (_, number) => text.replaceAll('#', String(number))).join(between)
}

function toRow(line: string): Row {
  const row = JSON.parse(line) as Omit<Row, 'source'> & { source: string | Piece[] }
  return { ...row, source: [row.source].flat().map(expand).join('') }
}

/** Written by somebody who never saw the evaluator; what goes on for very long is written as pieces. */
const ROWS = readFileSync(new URL('../../../../test/data/expressions.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map(toRow)

/** What the expression comes to; anything but a value, a refusal or an error of ours fails the test. */
function outcomeOf({
  source,
  input = null,
  steps = {},
  vars = {},
}: Row): Outcome & { steps: number; made: number } {
  const spent = budget()
  const figures = (): { steps: number; made: number } => ({ steps: spent.steps, made: spent.made })
  try {
    return {
      end: 'value',
      value: evaluate(compile(source), scope({ input, steps, vars }), spent),
      ...figures(),
    }
  } catch (error) {
    if (error instanceof EvaluationError) return { end: 'error', ...figures() }
    assert.ok(error instanceof Fault && error.code === 'WORKFLOW_003', `${source}: ${String(error)}`)
    return { end: 'refused', ...figures() }
  }
}

function rows(kind: Row['kind']): Row[] {
  const found = ROWS.filter((row) => row.kind === kind)
  assert.ok(found.length >= 60, `${found.length} rows of ${kind}`)
  return found
}

/** Everything that an escape could have changed: what is global, and each own property of what all objects inherit. */
function host(): unknown[] {
  const named = [Object, Function, Array, String, Number, Boolean, Map, Promise, Error, RegExp, Date]
  const parts = [
    ...named,
    ...named.map(({ prototype }): object => prototype),
    JSON,
    Math,
    Reflect,
    process.env,
  ]
  const fields = parts.flatMap((part) =>
    Reflect.ownKeys(part).flatMap((key) => {
      const field = Reflect.getOwnPropertyDescriptor(part, key)
      return [key, field?.value, field?.get, field?.set]
    }),
  )
  return [...Object.getOwnPropertyNames(globalThis), ...fields]
}

/** Plain data through and through: no function, no accessor, no other prototype. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null)
    return typeof value !== 'function' && typeof value !== 'symbol'
  const plain = [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value))
  const fields = Object.entries(Object.getOwnPropertyDescriptors(value))
  return plain && fields.every(([, field]) => field.get === undefined && isPlain(field.value))
}

test('expressions that people write have the value that JavaScript gives them', () => {
  let valued = 0
  for (const row of rows('expression')) {
    const outcome = outcomeOf(row)
    if (outcome.end === 'refused' && row.may_be_refused === true) continue
    assert.ok(outcome.end === 'value', `${row.source}: ${outcome.end}`)
    assert.deepEqual(outcome.value, row.value, row.source)
    valued += 1
  }
  assert.ok(valued >= 140, `only ${valued} have a value`)
})

test('no escape reaches the host: it is refused, fails, or gives plain data', () => {
  const before = host()
  for (const row of rows('escape')) {
    const outcome = outcomeOf(row)
    if (outcome.end !== 'value') continue
    assert.ok(isPlain(outcome.value), row.source)
    assert.doesNotMatch(
      JSON.stringify(outcome.value),
      /native code|\[object process\]|execPath|node_modules/,
      row.source,
    )
  }
  const after = host()
  assert.equal(after.length, before.length)
  assert.ok(after.every((part, index) => Object.is(part, before[index])))
})

test('whatever tries to take for ever or all memory ends within the budget', () => {
  for (const row of rows('denial')) {
    const { end, steps, made } = outcomeOf(row)
    assert.notEqual(end, 'value', row.source.slice(0, 100))
    assert.ok(steps <= LIMITS.steps && made <= LIMITS.made, `${row.source.slice(0, 100)}: ${steps}, ${made}`)
  }
})
