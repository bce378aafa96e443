import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { START, temporaryFolder } from '../rig.ts'
import { BackupError } from './manifest.ts'
import { pack, unpack } from './tar.ts'

async function all(parts: AsyncIterable<Buffer>): Promise<Buffer> {
  const taken: Buffer[] = []
  for await (const part of parts) taken.push(part)
  return Buffer.concat(taken)
}

const entry = (path: string, text: string) => ({
  path,
  bytes: Buffer.byteLength(text),
  content: [Buffer.from(text)],
})

async function* inParts(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(archive: Buffer, size = 100): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  await unpack(inParts(archive, size), async (path, bytes, content) => {
    const text = await all(content)
    assert.equal(text.length, bytes)
    found[path] = text.toString()
  })
  return found
}

const FILES = { 'a.txt': 'hello', 'folder/ü.md': '', 'b.bin': 'x'.repeat(512), 'c.bin': 'y'.repeat(1_025) }
const archive = () =>
  all(
    pack(
      Object.entries(FILES).map(([path, text]) => entry(path, text)),
      START,
    ),
  )

test('files come out as they went in, however the archive is cut into parts', async () => {
  const packed = await archive()
  assert.equal(packed.length % 512, 0)
  for (const size of [1, 511, 512, 513, 100_000]) assert.deepEqual(await read(packed, size), FILES)
})

/** Not every system has the program. */
const skip = spawnSync('tar', ['--version']).status !== 0

test('the program tar reads what is written, and what it writes is read', { skip }, async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'made.tar'), await archive())
  assert.equal(spawnSync('tar', ['-xf', 'made.tar'], { cwd: folder }).status, 0)
  for (const [path, text] of Object.entries(FILES))
    assert.equal(readFileSync(join(folder, path), 'utf8'), text)
  assert.equal(statSync(join(folder, 'a.txt')).mtimeMs, START)
  const made = spawnSync('tar', ['-cf', '-', '--format=ustar', 'a.txt', 'c.bin'], { cwd: folder }).stdout
  assert.deepEqual(await read(made), { 'a.txt': FILES['a.txt'], 'c.bin': FILES['c.bin'] })
})

test('an archive that was cut, changed, or is none is refused', async () => {
  const packed = await archive()
  for (const length of [0, 1, 511, 512, 700, 1_024, packed.length - 1_025])
    await assert.rejects(read(packed.subarray(0, length)), BackupError, `${length} bytes`)
  const changed = Buffer.from(packed)
  changed[2] = 0x2f
  await assert.rejects(read(changed), /damaged/)
  await assert.rejects(read(Buffer.from('nonsense'.repeat(200))), /no archive/)
})

test('a link, whatever it points at, is refused', async () => {
  const packed = await archive()
  for (const type of ['1', '2', '5', 'x']) {
    const link = Buffer.from(packed)
    link.write(type, 156)
    const sum = link
      .subarray(0, 512)
      .reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
    link.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    await assert.rejects(read(link), /a\.txt is no plain file/, type)
  }
})

test('a size beyond eight gigabytes survives, and a file that changes meanwhile is not archived', async () => {
  const bytes = 8 ** 11 + 5
  const parts = pack([{ path: 'large', bytes, content: [] }], START)
  const { value: header } = await parts.next()
  assert.ok(header instanceof Buffer)
  const told: number[] = []
  const reading = unpack(inParts(header, 512), async (_path, size, content) => {
    told.push(size)
    await all(content)
  })
  await assert.rejects(reading, BackupError)
  assert.deepEqual(told, [bytes])
  await assert.rejects(parts.next(), /large changed while it was archived/)
  const name = 'n'.repeat(101)
  await assert.rejects(all(pack([entry(name, '')], START)), /too long/)
})
