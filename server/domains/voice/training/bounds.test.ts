import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test } from 'node:test'
import { operations } from '../../../../contract/index.ts'
import type { Reply } from '../../../transports/dispatch.ts'
import { openSpeaker, refusal } from '../rig.ts'
import { VACUUM, gist, sample, train, trained } from './rig.ts'

const opened = await openSpeaker()
const { app, token, user_id, data_dir } = opened
const { learnt } = app.language
const files = () => readdirSync(join(data_dir, 'language', 'own', user_id)).toSorted()

/** Trains for a client that leaves when the signal says so. */
function trainFor(signal: AbortSignal, samples = VACUUM): Promise<Reply> {
  const from = {
    transport: 'http',
    token,
    ip: '127.0.0.1',
    user_agent: 'test',
    request_id: undefined,
  } as const
  const exchange = app.dispatch.begin({ operation: operations['voice.train'], ...from })
  return exchange.answer({ input: { samples }, signal })
}

test('a second training of a user waits for the first, and a third is told to come back', async () => {
  const texts = ['feed the newt', 'feed the toad', 'feed the eft']
  const replies = await Promise.all(texts.map((text) => train(opened, [sample(text, 4, 'add')])))
  assert.deepEqual(
    replies.map(({ ok }) => ok),
    [true, true, false],
  )
  const [, , third] = replies
  assert.equal(third && refusal(third)?.code, 'SYSTEM_001')
  assert.ok(third?.ok === false && (third.retry_after_s ?? 0) >= 1)
})

test('what a client has left is neither learnt nor kept, whether it runs or waits, and holds up nobody', async () => {
  const [before, kept] = [await learnt.lessons.of(user_id), files()]
  const [running, waiting] = [new AbortController(), new AbortController()]
  const replies = [trainFor(running.signal), trainFor(waiting.signal)]
  for (let turn = 0; turn < 20; turn += 1) await nextTurn()
  waiting.abort()
  running.abort()
  for (const reply of await Promise.all(replies)) assert.equal(refusal(reply)?.status, 503)
  assert.deepEqual([await learnt.lessons.of(user_id), files()], [before, kept])
  assert.doesNotMatch(await gist(opened, 'vacuum downstairs'), /learnt/)
  assert.deepEqual(
    opened.logged.filter((line) => line.includes('"error"')),
    [],
  )
  await trained(opened, [sample('feed the crow', 4, 'add')])
})

test('a client that has left before its turn has nothing begun for it', async () => {
  const before = await learnt.lessons.of(user_id)
  const reply = await trainFor(AbortSignal.abort())
  assert.equal(refusal(reply)?.status, 503)
  assert.equal(await learnt.lessons.of(user_id), before)
})

test('what is only tried, or learnt for a call that fails, answers no sentence', async () => {
  await trained(opened, VACUUM)
  assert.equal(await gist(opened, 'vacuum the attic'), 'statistics 4 add')
  const taught = await learnt.lessons.of(user_id)
  const otherwise = taught.map((one) => ({ ...one, agent_number: 2, action: 'remember' }))
  await learnt.prepare(user_id, otherwise)
  assert.equal(await gist(opened, 'vacuum the attic'), 'statistics 4 add')
})
