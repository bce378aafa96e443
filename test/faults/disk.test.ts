import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openChance } from './chance.ts'
import { Disk } from './disk.ts'
import type { Operation } from './recording.ts'

const ROOT = '/recorded'
const IMAGES = 80
const folder = mkdtempSync(join(tmpdir(), 'paios-disk-'))
after(() => rmSync(folder, { recursive: true }))

type Given = Partial<Omit<Operation, 'bytes' | 'second'>> & Pick<Operation, 'kind'>

function operation(given: Given, text = '', second = ''): Operation {
  return { file: 0, offset: 0, token: 0, made: false, ...given, bytes: Buffer.from(text), second }
}

const make = (file: number, name: string) => operation({ kind: 'open', file, made: true }, `${ROOT}/${name}`)
const write = (file: number, text: string, offset = 0) => operation({ kind: 'write', file, offset }, text)
const begin = (file: number, token: number) => operation({ kind: 'sync_begin', file, token })
const end = (file: number, token: number) => operation({ kind: 'sync_end', file, token })
const sync = (file: number, token: number) => [begin(file, token), end(file, token)]
const openRoot = () => operation({ kind: 'open', file: 99, offset: 1 }, ROOT)

/** Every different thing that power cuts after these operations leave; each as its files and what is in them. */
function outcomes(...operations: Operation[]): string[] {
  const disk = new Disk(ROOT, [])
  for (const each of operations) disk.apply(each)
  const chance = openChance(1)
  const seen = Array.from({ length: IMAGES }, (_, index) => {
    const place = join(folder, String(index))
    const root = disk.image(place, chance)
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted()
    const files = names.map((name) => `${name}=${contentOf(join(root, name))}`).join(' ')
    rmSync(place, { recursive: true })
    return files
  })
  return [...new Set(seen)].toSorted()
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
      .replaceAll('\0', '_')
      .replaceAll(/(.)\1+/g, '$1')
  } catch {
    return '(folder)'
  }
}

/** A file with a name that is certain, and one sector of certain content. */
const CERTAIN = [openRoot(), make(1, 'a'), write(1, 'o'.repeat(512)), ...sync(1, 1), ...sync(99, 2)]

test('what was synced, name and content, is there after every power cut', () => {
  assert.deepEqual(outcomes(...CERTAIN), ['a=o'])
})

test('a write that no sync began after may have arrived or not, whatever was synced before', () => {
  assert.deepEqual(outcomes(...CERTAIN, write(1, 'n'.repeat(512))), ['a=n', 'a=o'])
  const during = [begin(1, 3), write(1, 'n'.repeat(512)), end(1, 3)]
  assert.deepEqual(outcomes(...CERTAIN, ...during), ['a=n', 'a=o'])
  assert.deepEqual(outcomes(...CERTAIN, write(1, 'n'.repeat(512)), begin(1, 3)), ['a=n', 'a=o'])
  assert.deepEqual(outcomes(...CERTAIN, write(1, 'n'.repeat(512)), ...sync(1, 3)), ['a=n'])
})

test('writes arrive in any order, sector by sector, and a file may grow before anything is in its new part', () => {
  const found = outcomes(...CERTAIN, write(1, 'x'.repeat(512), 512), write(1, 'y'.repeat(512), 1024))
  assert.deepEqual(found, ['a=o', 'a=o_', 'a=o_y', 'a=ox', 'a=ox_', 'a=oxy'])
  assert.deepEqual(outcomes(...CERTAIN, write(1, 'n'.repeat(1024))), ['a=n', 'a=o', 'a=o_', 'a=on'])
})

test('a truncation may have arrived or not until it is synced', () => {
  const cut = operation({ kind: 'truncate', file: 1, offset: 0 })
  assert.deepEqual(outcomes(...CERTAIN, cut), ['a=', 'a=o'])
  assert.deepEqual(outcomes(...CERTAIN, cut, ...sync(1, 3)), ['a='])
})

test('a sync of a file does nothing for its name, and a sync of the folder nothing for what is in the file', () => {
  const unnamed = [openRoot(), make(1, 'a'), write(1, 'o'.repeat(512)), ...sync(1, 1)]
  assert.deepEqual(outcomes(...unnamed), ['', 'a=o'])
  assert.deepEqual(outcomes(openRoot(), begin(99, 1), make(1, 'a'), end(99, 1)), ['', 'a='])
  assert.deepEqual(outcomes(openRoot(), make(1, 'a'), write(1, 'o'.repeat(512)), ...sync(99, 1)), [
    'a=',
    'a=_',
    'a=o',
  ])
})

test('a renamed file has either name until its folder is synced, and then the other', () => {
  const rename = operation({ kind: 'rename' }, `${ROOT}/a`, `${ROOT}/b`)
  assert.deepEqual(outcomes(...CERTAIN, rename), ['a=o', 'b=o'])
  assert.deepEqual(outcomes(...CERTAIN, rename, ...sync(99, 3)), ['b=o'])
})

test('a linked file has both names once its folder is synced', () => {
  const link = operation({ kind: 'link' }, `${ROOT}/a`, `${ROOT}/b`)
  assert.deepEqual(outcomes(...CERTAIN, link), ['a=o', 'a=o b=o'])
  assert.deepEqual(outcomes(...CERTAIN, link, ...sync(99, 3)), ['a=o b=o'])
})

test('a file that was taken away comes back unless the folder was synced; one made in its place is another', () => {
  const unlink = operation({ kind: 'unlink' }, `${ROOT}/a`)
  assert.deepEqual(outcomes(...CERTAIN, unlink), ['', 'a=o'])
  assert.deepEqual(outcomes(...CERTAIN, unlink, ...sync(99, 3)), [''])
  const anew = [unlink, make(2, 'a'), write(2, 'n'.repeat(512)), ...sync(2, 3)]
  assert.deepEqual(outcomes(...CERTAIN, ...anew), ['', 'a=n', 'a=o'])
  assert.deepEqual(outcomes(...CERTAIN, ...anew, ...sync(99, 4)), ['a=n'])
})

test('with a folder whose name was never synced, all in it is lost', () => {
  const inside = [
    operation({ kind: 'make_folder', file: 3 }, `${ROOT}/d`),
    make(4, 'd/f'),
    write(4, 'o'.repeat(512)),
    ...sync(4, 1),
    ...sync(3, 2),
  ]
  assert.deepEqual(outcomes(openRoot(), ...inside), ['', 'd=(folder) d/f=o'])
  assert.deepEqual(outcomes(openRoot(), ...inside, ...sync(99, 3)), ['d=(folder) d/f=o'])
})
