import assert from 'node:assert/strict'
import { test } from 'node:test'
import { found, said, step, steps } from './rig.ts'

const recall = (parameters: Record<string, unknown>) =>
  steps(step('a', { agent_number: 2, action: 'recall', parameters }))
const paths = (parameters: Record<string, unknown>): string[] =>
  found(recall(parameters)).map((problem) =>
    problem.replace('/steps/0/parameters', '').replace(' BAD_PARAMETERS', ''),
  )

test('parameters without expressions are held against the schema of the action', () => {
  const cases: readonly (readonly [Record<string, unknown>, readonly string[]])[] = [
    [{ query: 'x' }, []],
    [{}, ['/query']],
    [{ query: '' }, ['/query']],
    [{ query: 'x'.repeat(21) }, ['/query']],
    [{ query: 'x', limit: 51 }, ['/limit']],
    [{ query: 'x', limit: '5', q: 1 }, ['/limit', '/q']],
    [{ query: 'x', tags: [] }, ['/tags']],
    [{ query: 'x', tags: ['a', 1] }, ['/tags/1']],
    [{ query: 'x', place: { zip: 'x' } }, ['/place/zip', '/place/city']],
    [{ query: 'x', kind: 'other' }, ['/kind']],
    [{ query: 'x', scores: { 'a/b': 1.5 } }, ['/scores/a~1b']],
    [{ query: '\\{{x}}' }, []],
    [{ query: 'x', __proto__: null }, []],
    [JSON.parse('{"query": "x", "__proto__": 1}') as Record<string, unknown>, ['/__proto__']],
  ]
  for (const [parameters, problems] of cases)
    assert.deepEqual(paths(parameters), problems, JSON.stringify(parameters))
})

test('an expression alone may give anything, and everything around it is looked at', () => {
  const any = '{{input.x}}'
  const cases: readonly (readonly [Record<string, unknown>, readonly string[]])[] = [
    [{ query: any, limit: any, tags: any, place: any, kind: any, when: any, scores: any, data: any }, []],
    [{ limit: any }, ['/query']],
    [{ query: any, limit: 51 }, ['/limit']],
    [{ query: any, nothing: any }, ['/nothing']],
    [{ query: 1, limit: any }, ['/query']],
    [{ query: 'x', tags: [any] }, []],
    [{ query: 'x', tags: [any, 1, any] }, ['/tags/1']],
    [{ query: 'x', tags: [any, any, any, any] }, ['/tags']],
    [{ query: 'x', place: { city: any, zip: 'x' } }, ['/place/zip']],
    [{ query: 'x', place: { zip: any, zap: any } }, ['/place/zap', '/place/city']],
    [{ query: 'x', place: [any] }, ['/place']],
    [{ query: 'x', tags: { a: any } }, ['/tags']],
    [{ query: [any] }, ['/query']],
    [{ query: 'x', scores: { a: any, b: 'x' } }, ['/scores/b']],
    [{ query: 'x', scores: { a: any, b: { c: any } } }, ['/scores/b']],
    [{ query: 'x', data: { a: [any, { b: any }] } }, []],
  ]
  for (const [parameters, problems] of cases)
    assert.deepEqual(paths(parameters), problems, JSON.stringify(parameters))
})

test('text with an expression in it is some text', () => {
  const text = 'at {{input.x}}'
  const cases: readonly (readonly [Record<string, unknown>, readonly string[]])[] = [
    [{ query: text, tags: [text], kind: text, data: text }, []],
    [{ query: 'x', limit: text }, ['/limit']],
    [{ query: 'x', tags: text }, ['/tags']],
    [{ query: 'x', place: text }, ['/place']],
    [{ query: 'x', place: { city: text, zip: text } }, ['/place/zip']],
    [{ query: 'x', when: text }, ['/when']],
    [{ query: 'x', scores: { a: text } }, ['/scores/a']],
  ]
  for (const [parameters, problems] of cases)
    assert.deepEqual(paths(parameters), problems, JSON.stringify(parameters))
  assert.deepEqual(said(recall({ query: 'x', limit: text })), [
    'The parameter "limit" of "recall" must be a whole number.',
  ])
})

test('of several forms that a parameter may have one must fit, and that none does is one problem', () => {
  for (const when of [5, { from: 'x' }, '{{input.x}}', { from: '{{input.x}}' }, { from: 'at {{input.x}}' }])
    assert.deepEqual(paths({ query: 'x', when }), [])
  for (const when of ['x', { from: 1, to: '{{input.x}}' }, { to: '{{input.x}}' }, ['{{input.x}}']])
    assert.deepEqual(paths({ query: 'x', when }), ['/when'])
  assert.deepEqual(said(recall({ query: 'x', when: true })), [
    'The parameter "when" of "recall" must be a whole number or must be an object.',
  ])
  assert.deepEqual(said(recall({ query: 'x', when: ['{{input.x}}'] })), [
    'The parameter "when" of "recall" has a form that is not allowed.',
  ])
})

test('an expression that cannot be read is one problem, not also a value of the wrong type', () => {
  const given = recall({ query: 'x', limit: '{{1 +}}', place: { city: '{{', zip: 'x' } })
  assert.deepEqual(found(given), [
    '/steps/0/parameters/limit BAD_EXPRESSION',
    '/steps/0/parameters/place/city BAD_EXPRESSION',
    '/steps/0/parameters/place/zip BAD_PARAMETERS',
  ])
})

test('what is missing and what is not known is said by name', () => {
  assert.deepEqual(said(recall({ quary: 'x' })), [
    'The parameter "quary" of "recall" is not a known field.',
    'The parameter "query" of "recall" is required.',
  ])
})
