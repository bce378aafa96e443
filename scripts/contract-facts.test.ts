import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { area, object, operation } from '../contract/operation.ts'
import type { Operation } from '../contract/operation.ts'
import { contractFacts, findBreaks, readSnapshot } from './contract-facts.ts'

const facts = (given: Partial<Parameters<typeof operation>[0]>) =>
  contractFacts(
    area('x', { one: operation({ http: 'POST /one', summary: '', ...given }) }) as Record<string, Operation>,
  )
const text = Type.String({ maxLength: 9 })
const before = facts({
  input: object({ a: text, b: Type.Optional(text), list: Type.Array(object({ c: text })) }),
  output: object({ id: text, more: Type.Optional(text) }),
})
const breaks = (given: Partial<Parameters<typeof operation>[0]>) => findBreaks(before, facts(given))
const input = object({ a: text, b: Type.Optional(text), list: Type.Array(object({ c: text })) })
const output = object({ id: text, more: Type.Optional(text) })

test('the contract keeps everything that this version has promised', () => {
  assert.deepEqual(findBreaks(readSnapshot(), contractFacts()), [])
})

test('the snapshot is complete: whatever the contract promises is kept from now on', () => {
  const known = new Set(readSnapshot())
  assert.deepEqual(
    contractFacts().filter((fact) => !known.has(fact)),
    [],
    'run: node scripts/contract-facts.ts',
  )
})

test('a field that is new, and one that is asked for no longer, break nothing', () => {
  const wider = object({
    a: Type.Optional(text),
    b: Type.Optional(text),
    list: Type.Array(object({ c: text })),
    d: Type.Optional(object({ e: text })),
  })
  assert.deepEqual(breaks({ input: wider, output: object({ id: text, more: text, new: text }) }), [])
})

test('what is removed, renamed, narrowed, asked for or promised no longer is a break, and is named', () => {
  const list = Type.Array(object({ c: text }))
  const cases: readonly [Partial<Parameters<typeof operation>[0]>, RegExp][] = [
    [{ input: object({ a: text, list }), output }, /^gone: POST \/one request \/b$/],
    [{ input: object({ a: text, b: text, list }), output }, /^changed: POST \/one request \/b/],
    [{ input: object({ ...input.properties, d: text }), output }, /^asked for: POST \/one request \/d$/],
    [
      { input: object({ ...input.properties, list: Type.Array(object({ c: text, d: text })) }), output },
      /asked for.*\/list\[\]\/d/,
    ],
    [
      { input: object({ ...input.properties, a: Type.String({ maxLength: 8 }) }), output },
      /maxLength=9.*maxLength=8/,
    ],
    [{ input: object({ ...input.properties, a: Type.Integer() }), output }, /string.*integer/],
    [{ input, output: object({ more: Type.Optional(text) }) }, /^gone: POST \/one response \/id$/],
    [{ input, output: object({ ...output.properties, id: Type.Optional(text) }) }, /required.*optional/],
    [{ input, output, status: 201 }, /answers/],
    [{ input, output, who: 'owner' }, /answers/],
    [{ http: 'PUT /one', input, output }, /^gone: POST \/one answers/],
  ]
  for (const [given, expected] of cases)
    assert.match(breaks(given).join('\n'), new RegExp(expected.source, 'm'))
})
