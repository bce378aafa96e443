import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PASSWORD } from '../../../../test/app.ts'
import { openSpeaker } from '../rig.ts'
import { gist } from './rig.ts'

const opened = await openSpeaker()
const { app, user_id, say, hear } = opened
const { learnt } = app.language
const bob = await app.auth.addUser('bob@example.org', PASSWORD)

const COMMANDS = [
  'stop',
  'stop it',
  'abort',
  'undo',
  'take that back',
  'redo',
  'help',
  'help me',
  'what can you do',
]
/** In words that are no phrase, and are known by what they are like. */
const LIKE_THEM = ['please stop that now', 'halt all of it', 'undo that thing', 'stop whatever you are doing']
const ANSWERS = ['yes', 'no', 'cancel', 'never mind', 'yes please']
const STARTS = ['stop the', 'undo the', 'please stop the', 'help me with my', 'can you undo the', 'halt the']
const THINGS = 'music car dog house light water tea phone door garden lamp train bike soup radio'.split(' ')
const NEAR = STARTS.flatMap((start) => THINGS.map((thing) => `${start} ${thing}`))
const OTHERS = [
  'add milk to my list',
  'remember that the key is blue',
  'what is 2 plus 3',
  'wake me at seven',
]

/** As if each of them had been corrected with "no, agent 4". */
async function correctAll(texts: readonly string[]): Promise<void> {
  const [lesson_id, created_at] = [app.kernel.id(), app.kernel.now()]
  const meant = { lesson_id, agent_number: 4, action: 'add', source: 'correction', created_at } as const
  const examples = texts.map((text) => ({ ...meant, id: app.kernel.id(), text }))
  await app.kernel.store.write((tx) => learnt.lessons.write(tx, user_id, lesson_id, examples))
  await learnt.settled(user_id)
}

const gists = async (of: string, texts: readonly string[]) => {
  const found = new Map<string, string>()
  for (const text of texts) found.set(text, await gist(opened, text, of))
  return found
}

test('whatever was corrected, the system’s own commands mean what they did, for their user and for others', async () => {
  const all = [...COMMANDS, ...LIKE_THEM, ...OTHERS]
  const before = await gists(user_id, all)
  const others = await gists(bob.id, [...all, ...NEAR])
  for (let round = 0; round < 3; round += 1) await correctAll([...COMMANDS, ...LIKE_THEM, ...ANSWERS])
  assert.deepEqual(await gists(user_id, all), before)
  await correctAll(NEAR)
  assert.deepEqual(await gists(user_id, all), before)
  assert.deepEqual(await gists(bob.id, [...all, ...NEAR]), others)
})

test('a sentence that only begins like one of them is learnt all the same', async () => {
  assert.equal(await gist(opened, 'stop the music'), 'learnt 4 add')
  assert.equal(await gist(opened, 'help me with my garden'), 'learnt 4 add')
})

test('a question is still answered by yes and by no, whatever else was taught of these words', async () => {
  await say('add milk and bread to my list')
  for (const answer of ['no', 'cancel', 'never mind']) {
    assert.match((await hear('remove milk and bread from my list', 'asked'))[1], /\?$/)
    assert.equal((await hear(answer, 'asked'))[1], 'All right, I leave it.')
  }
  assert.match((await hear('remove milk and bread from my list', 'asked'))[1], /\?$/)
  assert.equal((await hear('yes', 'asked'))[1], 'Removed milk and bread from your to do list.')
  assert.deepEqual(await hear('undo', 'asked').then(([action]) => action), 'undo')
  assert.equal((await say('yes', 'nothing asked')).execution_id, undefined)
})
