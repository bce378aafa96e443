import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../../../test/clock.ts'
import { toWav } from '../audio/wav.ts'
import { SpeechError } from '../kinds.ts'
import { speaks, tagOfName, toTag } from './languages.ts'
import { toMultipart } from './multipart.ts'
import { promptOf } from './openai.ts'
import { toPieces } from './pieces.ts'
import { Flow, WavReader, withVolume } from './sound.ts'
import { clean, toTranscript } from './transcription.ts'

const read = (bytes: Uint8Array, size: number): number[] => {
  const reader = new WavReader('Tts')
  const heard: number[] = []
  for (let at = 0; at < bytes.length; at += size)
    heard.push(...(reader.push(bytes.subarray(at, at + size))?.samples ?? []))
  reader.end()
  return heard
}

/** The same file with another number at a place of its header. */
const withNumber = (
  at: number,
  value: number,
  bytes = toWav(Int16Array.of(1, 2, 3, 4), 24_000),
): Uint8Array => {
  const copy = Uint8Array.from(bytes)
  const view = new DataView(copy.buffer)
  if (at === 40 || at === 24) view.setUint32(at, value, true)
  else view.setUint16(at, value, true)
  return copy
}

test('a WAV file is read as it comes, with a length that is right, unknown or followed by more', () => {
  const wav = toWav(Int16Array.of(1, 2, 3, 4), 24_000)
  for (const size of [1, 3, 44, 45, 1_000]) assert.deepEqual(read(wav, size), [1, 2, 3, 4])
  for (const length of [0, 0xff_ff_ff_ff, 0x7f_ff_ff_ff])
    assert.deepEqual(read(withNumber(40, length), 7), [1, 2, 3, 4])
  assert.deepEqual(read(Buffer.concat([wav, Buffer.from('LIST....junk')]), 7), [1, 2, 3, 4])
  const stereo = withNumber(32, 4, withNumber(22, 2, wav))
  assert.deepEqual(read(stereo, 5), [1, 3])
})

test('what is no WAV file that can be spoken is refused', () => {
  const wrong: [Uint8Array, RegExp][] = [
    [Buffer.from('ID3\x03mp3'), /^Tts answered something that is not a WAV file\.$/],
    [withNumber(20, 3), /is not 16-bit PCM/],
    [withNumber(34, 8), /is not 16-bit PCM/],
    [withNumber(22, 6), /is not 16-bit PCM/],
    [withNumber(32, 0), /is not 16-bit PCM/],
    [withNumber(24, 0), /is not 16-bit PCM/],
    [withNumber(40, 100), /^Tts broke the sound off\.$/],
    [Buffer.from('RIFF'), /^Tts broke the sound off\.$/],
    [Buffer.concat([Buffer.from('RIFF....WAVEfmt '), Buffer.alloc(9_000)]), /WAV file without sound|broke/],
  ]
  for (const [bytes, sentence] of wrong)
    assert.throws(
      () => read(bytes, 10_000),
      (error) => error instanceof SpeechError && sentence.test(error.message),
      sentence.source,
    )
})

test('random sound is heard or refused, and nothing else', () => {
  const random = seededRandom(3)
  const wav = toWav(new Int16Array(40), 16_000)
  for (let round = 0; round < 2_000; round += 1) {
    const bytes = Buffer.from(wav)
    for (const place of random(3)) bytes[place % 60] = random(1)[0] ?? 0
    try {
      assert.ok(read(bytes.subarray(0, 1 + ((random(1)[0] ?? 0) % bytes.length)), 9).length <= 48)
    } catch (error) {
      if (!(error instanceof SpeechError)) throw error
    }
  }
})

test('louder sound stays within what a sample holds', () => {
  const chunk = { samples: Int16Array.of(30_000, -30_000, 3), sample_rate: 8_000 }
  assert.deepEqual(withVolume(chunk, 2).samples, Int16Array.of(32_767, -32_768, 6))
  assert.equal(withVolume(chunk, 1), chunk)
})

test('what flows comes in order, and a failure comes after what was there before it', async () => {
  const flow = new Flow<number>()
  const taken: number[] = []
  const work = (async () => {
    for await (const one of flow) taken.push(one)
  })()
  flow.push(1)
  await Promise.resolve()
  flow.push(2)
  flow.end(new RangeError('x'))
  flow.end()
  await assert.rejects(work, RangeError)
  assert.deepEqual(taken, [1, 2])
})

test('a form is read back by others as it was written, whatever is in it', async () => {
  const bytes = Buffer.from(
    '--paios-form\r\nContent-Disposition: form-data; name="evil"\r\n\r\nx\r\n--paios-form--',
  )
  const { type, body } = toMultipart([
    { name: 'file', file: 'a.wav', type: 'audio/wav', bytes },
    { name: 'text', text: 'grüß\r\n--paios-form-0\r\n' },
  ])
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  const file = form.get('file')
  assert.ok(file instanceof File)
  assert.deepEqual(Buffer.from(await file.bytes()), bytes)
  assert.deepEqual([form.get('text'), [...form.keys()]], ['grüß\r\n--paios-form-0\r\n', ['file', 'text']])
})

test('languages are known by their names and tags', () => {
  assert.deepEqual(['english', 'German', 'de_AT', 'en', 'klingonish', ''].map(tagOfName), [
    'en',
    'de',
    'de-AT',
    'en',
    undefined,
    undefined,
  ])
  assert.deepEqual(['en_us', 'zh-Hans', '!'].map(toTag), ['en-US', 'zh-Hans', undefined])
  assert.deepEqual(
    [
      speaks([], 'de'),
      speaks(['en'], 'de'),
      speaks(['de-AT'], 'de-CH'),
      speaks(['mul'], 'fr'),
      speaks(['en'], 'auto'),
    ],
    [true, false, true, true, true],
  )
})

test('a long text is sent in few pieces, the first of them short, and nothing of it is lost', () => {
  const sentence = 'This is one sentence of the text, and it is long enough.'
  const pieces = toPieces(Array.from({ length: 40 }, () => sentence).join(' '), 'en')
  assert.ok((pieces[0]?.length ?? 99) <= 60 && pieces.length < 8, `${pieces.length}`)
  assert.ok(pieces.every(({ length }) => length <= 600))
  assert.equal(pieces.join(' ').split('sentence').length, 41)
  assert.deepEqual(toPieces(' ?! ', 'en'), [])
})

test('only so many names are told, and each once', () => {
  const many = Array.from({ length: 100 }, (_, at) => `Workflow ${at}`)
  const prompt = promptOf({ names: { agent: ['Notes', 'Notes'], workflow: many } })
  assert.ok(prompt.length <= 400 && prompt.startsWith('Notes, Workflow 0, Workflow 1'))
  assert.equal(promptOf({ names: {} }), '')
})

const of = (segments: unknown) =>
  toTranscript('W', Buffer.from(JSON.stringify({ text: 'a', segments }))).confidence
const segment = (avg_logprob: unknown) => [{ text: 'a', avg_logprob, no_speech_prob: 0 }]

test('a confidence is one, whatever an engine says', () => {
  assert.deepEqual(
    [of(segment(0)), of(segment(5)), of(segment(-1e9)), of(segment('x')), of({}), of([null, 3])],
    [1, 1, 0, 0.7, 0.7, 0.7],
  )
})

test('segments that say more than a transcript may have are none, and their confidence counts for nothing', () => {
  const silent = { text: 'x', avg_logprob: -5, no_speech_prob: 1 }
  const saying = (text: string) =>
    toTranscript(
      'W',
      Buffer.from(JSON.stringify({ text: 'a', segments: [{ ...segment(0)[0], text }, silent] })),
    ).text
  assert.equal(saying('x'.repeat(10_000)).length, 10_000)
  for (const text of ['x'.repeat(10_001), '['.repeat(900_000)])
    assert.throws(() => saying(text), { reason: 'engine', message: 'W answered no transcript.' })
})

test('brackets are looked through once, however many there are and whether or not they close', () => {
  assert.equal(clean('[BLANK_AUDIO] well (music)\n*coughs* then'), 'well then')
  assert.equal(clean('(a (b) c'), '(a c')
  // With the square of their number this would take an hour.
  for (const [open, close] of ['[]', '()', '**', '[*', '(['] as const)
    for (const text of [`${open}`.repeat(1_000_001), `${open}${close}`.repeat(500_000)])
      assert.ok(clean(text).length <= 1_000_001)
})
