import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { fakeClock } from '../../../test/clock.ts'
import { action, shape } from '../../skills/skill.ts'
import { decide } from '../voice/decide.ts'
import type { Meaning } from './catalogue.ts'
import { chooseAmong } from './choose.ts'
import type { ChooseIntent, Option } from './choose.ts'
import type { Understood } from './heard.ts'

const AROUND = { now: 0, time_zone: 'Europe/Berlin' }

function meaning(agent_number: number, name: string, effect: 'read' | 'write' = 'write'): Meaning {
  const act = action({
    summary: `Does ${name}.`,
    effect,
    parameters: shape({
      text: Type.Optional(Type.String({ maxLength: 5 })),
      count: Type.Optional(Type.Integer()),
    }),
    result: shape({}),
    phrases: [],
    examples: [],
    perform: () => ({ data: {}, text: '' }),
  })
  return { agent_number, agent_name: `A${agent_number}`, name, action: act, preset: {} }
}
const LIKELY = [meaning(2, 'keep'), meaning(4, 'add'), meaning(4, 'sum', 'read')] as const

function guessed(confidence: number): Understood {
  const alternatives = [{ agent_number: 4, action: 'add', confidence: 0.2, entities: { text: 'milk' } }]
  return {
    tier: 'statistics',
    meaning: LIKELY[0],
    parameters: { text: 'own' },
    missing: undefined,
    confidence,
    routing_confidence: confidence,
    alternatives,
    fallbacks: [4],
    reason: 'It is like it.',
    likely: LIKELY,
  }
}

/** Asks a model that answers this. */
async function chosen(answer: unknown, found = guessed(0.5)): Promise<Understood> {
  return chooseAmong('hm', found, () => Promise.resolve(answer), fakeClock(0))
}

test('a choice among what was offered is taken, with what the sentence says for it', async () => {
  const found = await chosen({ choice: '4.add' })
  assert.deepEqual([found.tier, found.meaning, found.parameters], ['model', LIKELY[1], { text: 'milk' }])
  assert.deepEqual([found.why?.model, found.fallbacks], ['chose', [2]])
})

test('the model is told what there is, and nothing else', async () => {
  const asked: { text: string; options: readonly Option[] }[] = []
  const choose: ChooseIntent = (one) => Promise.resolve(void asked.push(one))
  await chooseAmong('say it', guessed(0.5), choose, fakeClock(0))
  assert.deepEqual(
    asked[0]?.options.map(({ choice, agent, summary }) => [choice, agent, summary]),
    [
      ['2.keep', 'A2', 'Does keep.'],
      ['4.add', 'A4', 'Does add.'],
      ['4.sum', 'A4', 'Does sum.'],
    ],
  )
  assert.equal(asked[0]?.text, 'say it')
})

test('only between the two thresholds is it asked', async () => {
  for (const [confidence, isAsked] of [
    [0.199, false],
    [0.2, true],
    [0.949, true],
    [0.95, false],
  ] as const) {
    const { tier } = await chosen({ choice: '4.add' }, guessed(confidence))
    assert.equal(tier === 'model', isAsked, String(confidence))
  }
  assert.equal((await chosen({ choice: '4.add' }, { ...guessed(0.5), tier: 'template' })).tier, 'template')
})

test('what has an effect is asked about as without it, however sure the model is', async () => {
  const found = await chosen({ choice: '4.add', parameters: {} })
  assert.equal(found.confidence, 0.5)
  assert.equal(decide(found, undefined, AROUND).kind, 'confirm')
  assert.equal(decide(await chosen({ choice: '4.sum' }), undefined, AROUND).kind, 'execute')
})

test('parameters that the schema does not take are left out, and what was said counts before the rest', async () => {
  const parameters = { text: 'too long', count: 3, rm: '-rf', __proto__: 1 }
  assert.deepEqual((await chosen({ choice: '4.sum', parameters })).parameters, { count: 3 })
  assert.deepEqual((await chosen({ choice: '2.keep', parameters: { text: 'b' } })).parameters, {
    text: 'own',
  })
})

test('"none" makes it not understood', async () => {
  const { tier, meaning: found, why } = await chosen({ choice: 'none' })
  assert.deepEqual([tier, found, why?.model], ['none', undefined, 'none'])
})

for (const answer of [
  undefined,
  null,
  'keep',
  [],
  {},
  { choice: 4 },
  { choice: '9.delete_all' },
  { choice: '4.add', parameters: 'x' },
  { choice: '4.add', run: true },
]) {
  test(`an answer outside of the schema leaves what statistics say: ${JSON.stringify(answer)}`, async () => {
    const { why, ...found } = await chosen(answer)
    assert.deepEqual(found, guessed(0.5))
    assert.equal(why?.model, 'wrong')
  })
}

const failing: ChooseIntent = () => Promise.reject(new Error('no'))

test('an error leaves what statistics say', async () => {
  const found = await chooseAmong('hm', guessed(0.5), failing, fakeClock(0))
  assert.deepEqual([found.tier, found.why?.model], ['statistics', 'failed'])
})

test('nobody waits longer than three seconds, and the model is told to stop', async () => {
  const clock = fakeClock(0)
  let stopped = false
  const slow: ChooseIntent = (_asked, signal) => {
    signal.addEventListener('abort', () => (stopped = true))
    return new Promise(() => {})
  }
  const waiting = chooseAmong('hm', guessed(0.5), slow, clock)
  clock.advance(2_999)
  assert.equal(stopped, false)
  clock.advance(1)
  const found = await waiting
  assert.deepEqual([stopped, found.tier, found.why?.model], [true, 'statistics', 'late'])
})
