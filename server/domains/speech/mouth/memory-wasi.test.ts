import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { before, test } from 'node:test'
import { flitePath } from './kinds.ts'
import { loadProgram } from './memory-wasi.ts'
import type { Program } from './memory-wasi.ts'

let program: Program

before(async () => {
  program = await loadProgram(await readFile(flitePath()))
})

const FILES = { text: new TextEncoder().encode('Good morning.\n') }
const SPEAK = ['-voice', 'kal', '-f', '/text', '-o', '/sound']

test('a program reads its files, writes others, and leaves nothing for its next run', async () => {
  const first = await program.run({ args: SPEAK, files: FILES, bytes_max: 1e6 })
  assert.deepEqual([first.code, first.printed, [...first.written.keys()]], [0, '', ['sound']])
  const sound = first.written.get('sound') ?? new Uint8Array()
  assert.equal(Buffer.from(sound.subarray(0, 4)).toString(), 'RIFF')
  const silent = await program.run({
    args: [...SPEAK.slice(0, -1), 'none', '-pw'],
    files: FILES,
    bytes_max: 1e6,
  })
  assert.deepEqual([silent.printed.trim(), silent.written.size], ['good morning', 0])
  const again = await program.run({ args: SPEAK, files: FILES, bytes_max: 1e6 })
  assert.deepEqual(again.written.get('sound'), sound)
})

test('no file of the machine can be read, by any way of naming it', async () => {
  for (const path of ['/etc/passwd', '../../etc/passwd', '/text/../etc/passwd', '/', '.', flitePath()]) {
    const ran = await program.run({
      args: ['-voice', 'kal', '-f', path, '-o', '/sound'],
      files: FILES,
      bytes_max: 1e6,
    })
    assert.deepEqual([ran.printed, ran.written.size], ['', 0], path)
  }
})

test('a program that writes more than it may is ended, and the next run is whole', async () => {
  const ran = await program.run({ args: SPEAK, files: FILES, bytes_max: 1000 })
  assert.notEqual(ran.code, 0)
  assert.ok((ran.written.get('sound')?.length ?? 0) <= 1000)
  assert.equal((await program.run({ args: SPEAK, files: FILES, bytes_max: 1e6 })).code, 0)
})

test('a module that is no program is refused', async () => {
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  await assert.rejects(loadProgram(empty), /no program/)
  await assert.rejects(loadProgram(Uint8Array.of(1, 2, 3)), { name: 'CompileError' })
})
