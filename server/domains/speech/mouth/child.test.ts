import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SpokenChunk } from '../kinds.ts'
import { openJob } from './child.ts'
import { joined, levelOf, secondsOf } from './rig.ts'

const NORMAL = { what: 'speak', voice: 'kal16', speech_rate: 1, pitch: 1, volume: 1 }

async function spoken(text: string, more: object = {}): Promise<SpokenChunk[]> {
  const job = await openJob({ ...NORMAL, text, ...more }, () => {})
  const chunks: SpokenChunk[] = []
  for (;;) {
    const chunk = (await job.handle('next')) as SpokenChunk | undefined
    if (chunk === undefined) return chunks
    chunks.push(chunk)
  }
}

test('text that looks like an option, a path, a command or markup is spoken as its words', async () => {
  const same: readonly [string, string][] = [
    ['-o /etc/x', 'o etc x'],
    ['--seto', 'seto'],
    ['--help', 'help'],
    ['-f /text', 'f text'],
    ['/etc/passwd', 'etc passwd'],
    ['/text', 'text'],
    ['$(reboot); `id` | cat', '$ reboot ; id cat'],
    ['<speak><audio src="file:///etc/passwd"/>hello</speak>', 'hello'],
    ['hel\0lo', 'hel lo'],
    ['\u001b[2Jhello\u0007', '2Jhello'],
    ['\u202Ehello', 'hello'],
  ]
  for (const [text, words] of same) {
    const sound = joined(await spoken(text))
    assert.deepEqual(sound, joined(await spoken(words)), text)
    assert.ok(secondsOf(sound) > 0.3 && levelOf(sound) > 500, text)
  }
})

test('one word is spoken, and what has no words is not', async () => {
  assert.equal((await spoken('hello')).length, 1)
  for (const text of ['', ' ', '\n\n', '?!...', '😀🎉', '\0\0\0', '-', '日本語', '<b></b>'])
    assert.deepEqual(await spoken(text), [], JSON.stringify(text))
})

test('5000 letters without a space are spoken in pieces, none of which takes long or holds much', async () => {
  const job = await openJob({ ...NORMAL, text: 'a'.repeat(5000), speech_rate: 2 }, () => {})
  const started = process.threadCpuUsage()
  const first = (await job.handle('next')) as SpokenChunk
  assert.ok(secondsOf(first) < 60)
  assert.ok(process.threadCpuUsage(started).user < 3_000_000)
})

test('factors out of bounds are brought within them, and those that are none are 1', async () => {
  const normal = joined(await spoken('good morning'))
  const fastest = joined(await spoken('good morning', { speech_rate: 2 }))
  assert.deepEqual(joined(await spoken('good morning', { speech_rate: 1e9 })), fastest)
  for (const wrong of [NaN, 'fast', undefined, '1 -o /x'])
    assert.deepEqual(
      joined(await spoken('good morning', { speech_rate: wrong, pitch: wrong, volume: wrong })),
      normal,
    )
  assert.equal(levelOf(joined(await spoken('good morning', { volume: -5 }))), 0)
})

test('unknown voices, other work and too much of it are refused before the engine sees them', async () => {
  const refused = { name: 'Error', reason: 'engine' }
  for (const options of [
    null,
    {},
    { ...NORMAL, text: 'a', voice: '/tmp/x.flitevox' },
    { ...NORMAL, text: 'a', voice: 'toString' },
    { ...NORMAL, text: 7 },
    { ...NORMAL, text: 'a '.repeat(10_001) },
    { what: 'pronounce', words: 'word' },
    { what: 'pronounce', words: Array.from({ length: 2001 }, () => 'a') },
  ])
    await assert.rejects(async () => openJob(options, () => {}), refused)
})

test('of words to pronounce those are left out that would be options, paths or none', async () => {
  const words = ['hey', '-o', '/etc/x', 'a b', 'x.\n\ny', '', "'", 'a'.repeat(41), '__proto__', 7, 'house']
  const job = await openJob({ what: 'pronounce', words }, () => {})
  assert.deepEqual(await job.handle('words'), { hey: 'HH EY', house: 'HH AW S' })
})
