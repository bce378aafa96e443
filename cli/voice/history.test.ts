import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { refusal } from '../../sdk/fixture.ts'
import { openDesk } from '../fixture.ts'
import { openOffice } from '../rig.ts'

async function open(t: TestContext) {
  const { sit, server } = await openOffice(t)
  const desk = await sit()
  const voice = (words: string[], given: Parameters<typeof desk.paios>[1] = { piped: '' }) =>
    desk.paios(['voice', ...words], given)
  const ask = async (text: string) => {
    await desk.paios(['ask', text], { piped: '' })
    server.clock.advance(60_000)
  }
  const texts = async () => {
    const { stdout } = await voice(['history', '--json'])
    return (JSON.parse(stdout) as { commands: { text: string }[] }).commands.map((one) => one.text)
  }
  return { desk, voice, ask, texts }
}

test('what was said is listed newest first, each on a line with whom it went to', async (t) => {
  const { voice, ask } = await open(t)
  assert.equal((await voice(['history'])).stdout, 'Nothing was said yet.\n')
  await ask('convert 5 miles to km')
  await ask('status')
  await ask('blorp the\nwumpus zzz')
  const { stdout } = await voice(['history'])
  const [head, ...lines] = stdout.trimEnd().split('\n')
  assert.match(head ?? '', /^ID +SAID +TO +SURE +SOUND +WHAT$/)
  assert.match(lines[0] ?? '', /^[0-9a-f]{8} +1 min ago +nobody .* {2}blorp the \/ wumpus zzz$/)
  assert.match(lines[1] ?? '', /^[0-9a-f]{8} +2 min ago +system +100 % +status$/)
  assert.match(lines[2] ?? '', /^[0-9a-f]{8} +3 min ago +agent \d +100 % +convert 5 miles to km$/)
  assert.equal((await voice(['history', '--limit', '1'])).stdout.trimEnd().split('\n').length, 2)
  for (const limit of ['0', '501', 'all']) assert.equal((await voice(['history', '--limit', limit])).exit, 2)
})

test('one sentence is forgotten after a yes that has seen it, and not after a no', async (t) => {
  const { voice, ask, texts } = await open(t)
  await ask('status')
  await ask('convert 5 miles to km')
  const [, line = ''] = (await voice(['history'])).stdout.split('\n')
  const id = line.slice(0, 8)
  const refused = await voice(['forget', id], { typed: ['no'] })
  assert.deepEqual([refused.exit, /Cancelled/.test(refused.stderr)], [1, true])
  assert.equal((await voice(['forget', id])).exit, 2)
  const { exit, stdout, stderr } = await voice(['forget', id], { typed: ['yes'] })
  assert.deepEqual([exit, stdout], [0, 'It is forgotten.\n'])
  assert.match(stderr, /^convert 5 miles to km\nForget that, and its sound\? Type yes: /)
  assert.deepEqual(await texts(), ['status'])
  assert.match((await voice(['forget', id, '--yes'])).stderr, /There is no sentence/)
})

test('all sentences are forgotten at once, and only of whoever asks for that', async (t) => {
  const { voice, ask, texts } = await open(t)
  await ask('status')
  await ask('help')
  for (const words of [['forget'], ['forget', 'abcd1234', '--all'], ['forget', '--all']]) {
    assert.equal((await voice(words)).exit, 2, words.join(' '))
  }
  assert.equal((await texts()).length, 2)
  const { stdout } = await voice(['forget', '--all', '--yes'])
  assert.equal(stdout, '2 sentences are forgotten.\n')
  assert.deepEqual(await texts(), [])
  assert.equal((await voice(['forget', '--all', '--yes'])).stdout, '0 sentences are forgotten.\n')
})

test('the sound of a sentence is written where it was kept, and refused where it was not', async (t) => {
  const kept = '01890000-0000-7000-8000-00000000000a'
  const silent = '01890000-0000-7000-8000-00000000000b'
  const record = {
    action: 'x',
    target_agent: 3,
    confidence: 1,
    tier: 'template',
    understood: true,
    response: '',
  }
  const desk = openDesk({
    'voice.commands': () => ({
      commands: [kept, silent].map((id) => ({
        ...record,
        id,
        text: 'remind me',
        execution_id: null,
        has_audio: id === kept,
        created_at: '2026-11-22T09:00:00.000Z',
      })),
    }),
    'voice.recording': ({ id }) => {
      if (id === kept) return { audio_data: Buffer.from('RIFF').toString('base64') }
      throw refusal('VALIDATION_ERROR', 'The sound of this sentence was not kept.')
    },
  })
  t.after(desk.remove)
  await desk.signIn()
  const out = join(desk.folder, 'said.wav')
  const get = (id: string) => desk.paios(['voice', 'recording', id, '--out', out], { piped: '' })
  assert.match(
    (await desk.paios(['voice', 'history'])).stdout,
    /\n0000000a .* kept +remind me\n0000000b .* 100 % +remind me\n$/,
  )
  assert.equal((await get(silent)).exit, 1)
  assert.equal((await get('0000000c')).exit, 1)
  assert.equal(existsSync(out), false)
  assert.deepEqual(await get('0000000a'), { exit: 0, stdout: `Wrote ${out}.\n`, stderr: '' })
  assert.equal(readFileSync(out, 'utf8'), 'RIFF')
  assert.equal((await get(kept)).exit, 2)
})
