import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from './rig.ts'

const { hear, clock } = await openSpeaker()

async function each(sentences: string, action: string, text: string): Promise<void> {
  for (const sentence of sentences.split('|').map((one) => one.trim()))
    assert.deepEqual(await hear(sentence, sentence), [action, text], sentence)
}

test('what was noted last is pinned and let go by every way to say it, and by what it is about', async () => {
  await hear('remember that Tom likes tea')
  await hear('remember that Ann likes coffee')
  await each(
    'pin that|pin it|pin what I just said|pin my last note|keep that forever|pin the note about Ann|never forget that',
    'pin',
    'Pinned: "Ann likes coffee".',
  )
  await each('pin what I said about Tom|pin the Tom note', 'pin', 'Pinned: "Tom likes tea".')
  await each(
    "unpin that|unpin the last note|take the pin off that|don't keep it pinned",
    'unpin',
    'No longer pinned: "Ann likes coffee".',
  )
})

test('what was noted last is forgotten at once, and comes back with "undo"', async () => {
  for (const sentence of [
    'forget that',
    'forget what I just said',
    'forget it again',
    'delete that note',
    'forget what I said last',
  ]) {
    await hear('remember that the gate code is 77')
    assert.deepEqual(await hear(sentence), ['forget', 'Forgotten: "the gate code is 77".'], sentence)
  }
  assert.deepEqual(await hear('undo'), ['undo', 'Undone: Forgotten: "the gate code is 77".'])
  clock.advance(121_000)
  assert.match(
    (await hear('forget that'))[1],
    /^The newest note is "the gate code is 77"\. Shall I forget it\?$/,
  )
  assert.deepEqual(await hear('forget that'), ['forget', 'All right, I leave it.'])
  for (const sentence of ['forget it', 'vergiss es', 'olvídalo']) {
    await hear('remember that the gate code is 78')
    assert.match((await hear(sentence))[1], /"the gate code is 78"\. Shall I forget it\?$/, sentence)
    assert.deepEqual(await hear('no'), ['forget', 'All right, I leave it.'])
  }
})
