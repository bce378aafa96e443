import assert from 'node:assert/strict'
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { refusal } from '../../sdk/fixture.ts'
import type { Fakes } from '../../sdk/fixture.ts'
import { AGENT, openDesk, said } from '../fixture.ts'

const SOUND = Buffer.from([0x52, 0x49, 0x46, 0x46, 0x00, 0xff, 0x80])
const heard = () => said('remind me\nat six', { confidence_score: 0.934 })

async function open(t: TestContext, process: Fakes['voice.process'] = heard) {
  const desk = openDesk({ 'voice.process': process, 'agents.get': () => AGENT })
  t.after(desk.remove)
  await desk.signIn()
  const file = join(desk.folder, 'note.wav')
  writeFileSync(file, SOUND)
  const hear = (words: string[], given: Parameters<typeof desk.paios>[1] = { piped: '' }) =>
    desk.paios(['voice', 'hear', ...words], given)
  return { desk, file, hear }
}

test('a recording is sent as it is, and answered with what was heard and what came of it', async (t) => {
  const { desk, file, hear } = await open(t)
  const { exit, stdout, stderr } = await hear([file, '--language', 'de', '--conversation', 'job 7'])
  assert.deepEqual([exit, stderr], [0, ''])
  assert.match(stdout, /^Heard \(93 %\): remind me at six\nI will\.\nagent 3 Reminders & Calendar · .*\n$/)
  assert.deepEqual(desk.seen[0]?.input, {
    audio_data: SOUND.toString('base64'),
    language: 'de',
    context: { conversation_id: 'job 7' },
  })
  const { stdout: json } = await hear([file, '--json'])
  assert.deepEqual(JSON.parse(json), heard())
  assert.equal((await hear(['-'], { piped: 'RIFF' })).exit, 0)
  assert.equal(desk.seen.at(-2)?.input['audio_data'], Buffer.from('RIFF').toString('base64'))
})

test('a question back is answered by typing, in the conversation of the recording', async (t) => {
  const question = said('remind me', { response: { text: 'When?', requires_followup: true } })
  const { desk, file, hear } = await open(t, ({ text_fallback }) =>
    text_fallback === undefined ? question : said('x'),
  )
  const { stdout, exit } = await hear([file], { typed: ['at six'] })
  assert.equal(exit, 0)
  assert.match(stdout, /^Heard \(100 %\): remind me\nWhen\?\n.*\nI will\.\n/)
  const asked = desk.seen.filter(({ name }) => name === 'voice.process').map(({ input }) => input)
  assert.deepEqual(asked[1], { text_fallback: 'at six', context: { conversation_id: 'tty-1' } })
})

test('what is no recording is refused before anything is sent, and says what is wrong', async (t) => {
  const { desk, file, hear } = await open(t)
  const [folder, empty, large] = ['folder', 'empty.wav', 'large.wav'].map((name) => join(desk.folder, name))
  assert.ok(folder !== undefined && empty !== undefined && large !== undefined)
  mkdirSync(folder)
  writeFileSync(empty, '')
  writeFileSync(large, '')
  truncateSync(large, 10_485_761)
  for (const [path, why] of [
    [join(desk.folder, 'none.wav'), /^paios: There is no file .*none\.wav\.\n$/],
    [folder, /folder is a folder: give a recording\.\n$/],
    [empty, /There is nothing in .*empty\.wav\.\n$/],
    [large, /A recording may have 10 MB; .*large\.wav has more\.\n$/],
    [join(file, 'inside.wav'), /inside\.wav cannot be read\.\n$/],
    ['-', /There is nothing in what came from standard input\.\n$/],
  ] as const) {
    const { exit, stderr } = await hear([path])
    assert.deepEqual([exit, why.test(stderr)], [2, true], stderr)
  }
  const { exit, stderr } = await hear(['-'], { typed: [] })
  assert.deepEqual([exit, /pipe a recording in/.test(stderr)], [2, true])
  assert.deepEqual(desk.seen, [])
  truncateSync(large, 10_485_760)
  assert.equal((await hear([large])).exit, 0)
})

test('without a recogniser the command that installs it is named, and for programs the code stays', async (t) => {
  const reason = { reason: 'no_stt_engine' }
  const message = 'The recogniser is not installed. apt-get install x'
  const { file, hear } = await open(t, ({ language }) => {
    throw refusal('VOICE_SERVICE_UNAVAILABLE', language === undefined ? message : 'None hears de.', reason)
  })
  const { exit, stderr } = await hear([file])
  assert.equal(exit, 1)
  assert.equal(stderr, `paios: ${message} On the machine of the server: paios voice install\n`)
  const other = await hear([file, '--language', 'de'])
  assert.equal(other.stderr, 'paios: None hears de. What can be heard is told by: paios voice\n')
  const { stdout } = await hear([file, '--json'])
  const { error } = JSON.parse(stdout) as { error: { code: string } }
  assert.equal(error.code, 'VOICE_003')
})

test('what was not understood, and a silent recording, end as failures of their own', async (t) => {
  const first = await open(t, () => said('mumble', { command_understood: false }))
  assert.equal((await first.hear([first.file])).exit, 3)
  const silent = await open(t, () => {
    throw refusal('VOICE_TRANSCRIPTION_FAILED', 'Nothing was said.', { reason: 'silence' })
  })
  assert.deepEqual(await silent.hear([silent.file]), {
    exit: 1,
    stdout: '',
    stderr: 'paios: Nothing was said.\n',
  })
})
