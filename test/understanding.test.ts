import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestApp } from './app.ts'
import { hear, isRight, readJudged, wouldAct } from './understanding.ts'

const opened = await openTestApp()
const { user_id, token } = await opened.claim()
after(() => opened.remove())
const judged = readJudged('sentences')

test('of 200 sentences by somebody who has not seen the phrases, 85 % go to the right agent and action', async () => {
  const meant = judged.filter(({ expect }) => expect !== 'nothing')
  const wrong: string[] = []
  for (const sentence of meant) {
    const understood = await hear(opened, user_id, sentence.text)
    if (!isRight(sentence, understood)) wrong.push(sentence.text)
  }
  const share = 1 - wrong.length / meant.length
  assert.ok(meant.length === 200 && share >= 0.85, `${(share * 100).toFixed(1)} %`)
})

const POSSESSIONS = [
  'remember that the spare key is under the stone',
  'remember that the boiler service is on 3 March',
  'remind me in ten minutes to stretch',
  'remind me in twenty minutes to drink water',
  'put milk and eggs on the shopping list',
  'add paint the fence and mow the lawn to my to do list',
]

test('nonsense, what is out of scope and what is dangerous does nothing without asking', async () => {
  for (const text_fallback of POSSESSIONS) await opened.ask(token, 'voice.process', { text_fallback })
  const acted: string[] = []
  for (const { text } of judged.filter(({ expect }) => expect === 'nothing')) {
    const understood = await hear(opened, user_id, text)
    const { meaning, parameters, missing } = understood
    const asked = meaning &&
      missing === undefined && { user_id, ...meaning, parameters, time_zone: 'Europe/Berlin' }
    const warning = asked === false ? undefined : asked && (await opened.app.agents.warning(asked))
    if (wouldAct(understood, warning)) acted.push(text)
  }
  assert.deepEqual(acted, [])
})
