import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fakeClock } from '../../../../test/clock.ts'
import { systemClock } from '../../../kernel/clock.ts'
import { temporaryFolder } from '../../../kernel/rig.ts'
import { until } from '../host/rig.ts'
import type { SpeakOptions, SpokenChunk, TtsProvider } from '../kinds.ts'
import { openEspeak } from './espeak.ts'
import { all, joined, levelOf, pitchOf, secondsOf } from './rig.ts'

const program = ['/usr/bin/espeak-ng', '/usr/local/bin/espeak-ng'].find((file) => existsSync(file))
const skip = program === undefined && 'needs the package espeak-ng'

async function said(text: string, more: Partial<SpeakOptions> = {}, language = 'de'): Promise<SpokenChunk[]> {
  return all(openEspeak({ clock: systemClock }).speak(saying(text, more, language)))
}

function saying(text: string, more: Partial<SpeakOptions> = {}, language = 'de'): SpeakOptions {
  const voice = { voice_id: `espeak-${language}`, language, name: language, provider: 'espeak-ng' }
  return { text, voice, speech_rate: 1, pitch: 1, volume: 1, signal: new AbortController().signal, ...more }
}

const SENTENCE = 'Bitte denke daran, dass wir morgen die ganze Familie treffen.'

test('German, Spanish and more are spoken where it is installed', { skip }, async () => {
  const voices = await openEspeak({ clock: systemClock }).voices()
  const languages = voices.map(({ language }) => language)
  for (const language of ['de', 'es', 'fr', 'it', 'pt-BR', 'en-GB'])
    assert.ok(languages.includes(language), language)
  for (const [text, language] of [
    [SENTENCE, 'de'],
    ['Recuerda que mañana nos encontramos.', 'es'],
  ] as const)
    assert.ok(secondsOf(joined(await said(text, {}, language))) > 1.5)
  assert.equal((await said('Guten Morgen. Es ist sieben Uhr.')).length, 2)
})

test('rate, pitch and volume change the sound by their factors', { skip }, async () => {
  const normal = joined(await said(SENTENCE))
  const quick = joined(await said(SENTENCE, { speech_rate: 2 }))
  const high = joined(await said(SENTENCE, { pitch: 1.5 }))
  const soft = joined(await said(SENTENCE, { volume: 0.5 }))
  assert.ok(Math.abs(secondsOf(normal) / secondsOf(quick) - 2) < 0.25)
  assert.ok(Math.abs(pitchOf(high) / pitchOf(normal) - 1.5) < 0.2, `${pitchOf(high)} / ${pitchOf(normal)}`)
  assert.ok(Math.abs(levelOf(soft) / levelOf(normal) - 0.5) < 0.01)
})

test('text that looks like an option, a path or a command is no such thing', { skip }, async () => {
  for (const [text, words] of [
    ['hallo \u0001350S du da', 'hallo 350S du da'],
    ['<speak>hallo</speak> du da', 'hallo du da'],
    ['hallo\0du da', 'hallo du da'],
    ['hallo [[du]] da', 'hallo du da'],
  ] as const)
    assert.deepEqual(await said(text), await said(words), text)
  const target = join(tmpdir(), 'paios-espeak-target')
  for (const text of [
    `-w ${target}`,
    `--compile=de`,
    '/etc/passwd',
    '-'.repeat(3),
    '$(reboot)',
    'a'.repeat(5000),
  ])
    for (const chunk of await said(text)) assert.ok(secondsOf(chunk) < 120)
  assert.equal(existsSync(target), false)
  for (const text of ['', ' ', '?!', '😀']) assert.deepEqual(await said(text), [])
})

test(
  'runs of letters and dots, which make the engine abort, are said, and long words stay whole',
  { skip },
  async () => {
    for (const [text, language] of [
      ['a.'.repeat(120), 'de'],
      ['ß.'.repeat(120), 'de'],
      ['é.'.repeat(120), 'es'],
      ['é.'.repeat(120), 'fr'],
      ['a.\u00a0'.repeat(60), 'fr'],
      ['ж.'.repeat(120), 'ru'],
      ['中.'.repeat(120), 'zh'],
      ['a\u0301.\u0302'.repeat(60), 'de'],
      ['é.é. '.repeat(40), 'es'],
      ['中'.repeat(300), 'zh'],
    ] as const)
      assert.ok(secondsOf(joined(await said(text, {}, language))) > 0.2, text.slice(0, 8))
    const word = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'
    const apart = word.replace(/^.{30}/u, '$& ')
    assert.notDeepEqual(await said(word), await said(apart))
  },
)

test('a voice outside the table is refused', { skip }, async () => {
  for (const language of ['xx', '../de', 'de -w x', 'toString', '__proto__'])
    await assert.rejects(said('Hallo.', {}, language), { reason: 'engine' }, language)
})

test('without the program its absence is told with the remedy, and speaking is refused', async () => {
  for (const places of [[], ['/nowhere/espeak-ng']]) {
    const espeak = openEspeak({ clock: systemClock, places })
    const { ok, remedy } = await espeak.health()
    assert.deepEqual([ok, remedy, await espeak.voices()], [false, 'apt-get install espeak-ng', []])
    await assert.rejects(all(espeak.speak(saying('Hallo.'))), { reason: 'missing' })
  }
})

/** A program of ours in the place of espeak-ng. */
async function withProgram(
  script: string,
  use: (espeak: TtsProvider) => Promise<void>,
  clock = systemClock,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'paios-espeak-'))
  try {
    const file = join(folder, 'program')
    writeFileSync(file, `#!/bin/sh\n${script}\n`)
    chmodSync(file, 0o700)
    await use(openEspeak({ clock, places: [file] }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test(
  'a program that is installed later is found without a new start',
  { skip: process.platform === 'win32' },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'paios-espeak-'))
    try {
      const file = join(folder, 'program')
      const espeak = openEspeak({ clock: systemClock, places: [file] })
      assert.deepEqual([(await espeak.health()).ok, await espeak.voices()], [false, []])
      writeFileSync(file, "#!/bin/sh\necho ' 5  de  --/M  German'\n")
      chmodSync(file, 0o700)
      assert.deepEqual(
        (await espeak.voices()).map(({ language }) => language),
        ['de'],
      )
      assert.equal((await espeak.health()).ok, true)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)

const windows = process.platform === 'win32' && 'needs a shell'

test(
  'too much output, a failure and no sound at all are errors of the engine',
  { skip: windows },
  async () => {
    for (const script of ['exec /bin/cat /dev/zero', 'exit 3', 'echo no sound', ':'])
      await withProgram(script, async (espeak) => {
        await assert.rejects(all(espeak.speak(saying('Hallo.'))), { reason: 'engine' }, script)
      })
  },
)

test(
  'a program that never ends is killed at the deadline or when nobody wants it',
  { skip: windows },
  async () => {
    const clock = fakeClock(0)
    await withProgram(
      'exec /bin/sleep 1000',
      async (espeak) => {
        const late = all(espeak.speak(saying('Hallo.')))
        await until(() => clock.untilNext() === 20_000)
        clock.advance(20_000)
        await assert.rejects(late, { reason: 'deadline' })
        const ending = new AbortController()
        const unwanted = all(espeak.speak(saying('Hallo.', { signal: ending.signal })))
        await until(() => clock.untilNext() === 20_000)
        ending.abort(new Error('enough'))
        await assert.rejects(unwanted, /enough/)
      },
      clock,
    )
  },
)

test('few programs run at a time, and who wants too much said is told so', { skip: windows }, async (t) => {
  const clock = fakeClock(0)
  const folder = temporaryFolder(t)
  const started = () => readdirSync(folder).length
  await withProgram(
    `: > ${folder}/$$\nexec /bin/sleep 1000`,
    async (espeak) => {
      const away = new AbortController()
      const { signal } = away
      const say = (user_id: string) => all(espeak.speak(saying('Hallo.', { signal, user_id })))
      const texts = ['ann', 'ann', 'ann', 'ann', 'ann', 'ann', 'bob'].map((user_id) => say(user_id))
      const settled = Promise.allSettled(texts)
      await assert.rejects(say('ann'), { reason: 'busy' })
      await until(() => clock.untilNext() === 10_000 && started() === 2)
      clock.advance(10_000)
      for (const text of texts.slice(2)) await assert.rejects(text, { reason: 'busy' })
      away.abort(new RangeError('enough'))
      for (const text of texts.slice(0, 2)) await assert.rejects(text, RangeError)
      await settled
      assert.equal(started(), 2)
    },
    clock,
  )
})
