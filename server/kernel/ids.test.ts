import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock, seededRandom } from '../../test/clock.ts'
import { firstIdAt, openIds, systemRandom, timeOfId } from './ids.ts'
import { START } from './rig.ts'

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const timeOf = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16)
const open = (clock = fakeClock(START), random = seededRandom(1)) => ({
  clock,
  id: openIds(clock.now, random),
})

function assertRising(ids: readonly string[]): void {
  for (const [index, id] of ids.entries()) {
    assert.match(id, UUID7)
    const before = ids[index - 1]
    assert.ok(before === undefined || before < id, `${before} before ${id}`)
  }
}

test('an id is a UUIDv7 that holds its time', () => {
  const { id, clock } = open()
  const first = id()
  assert.match(first, UUID7)
  assert.equal(timeOf(first), START)
  clock.advance(12_345)
  assert.equal(timeOf(id()), START + 12_345)
})

test('ids rise, within a millisecond and over many', () => {
  const { id, clock } = open()
  const ids = Array.from({ length: 20_000 }, (_, n) => {
    if (n % 1_000 === 999) clock.advance(n % 7)
    return id()
  })
  assertRising(ids)
})

test('more ids than a millisecond has numbers for borrow from the next, and go on from there', () => {
  const { id, clock } = open()
  const ids = Array.from({ length: 9_000 }, id)
  assertRising(ids)
  const last = timeOf(ids.at(-1) ?? '')
  assert.ok(last > START && last <= START + 3, `${last - START} ms borrowed`)
  clock.advance(1)
  assertRising([...ids.slice(-1), id()])
  clock.advance(1_000)
  assert.equal(timeOf(id()), START + 1_001)
})

test('a clock that is set back does not make ids fall', () => {
  const { id, clock } = open()
  const ids = [id()]
  clock.jump(-3_600_000)
  for (let n = 0; n < 5_000; n += 1) ids.push(id())
  assertRising(ids)
  clock.jump(3_600_000 + 60_000)
  ids.push(id())
  assertRising(ids)
  assert.equal(timeOf(ids.at(-1) ?? ''), START + 60_000)
})

test('the counter of a millisecond starts low enough to count at least 2,048 ids before it borrows', () => {
  for (const byte of [0x00, 0xff]) {
    const { id } = open(fakeClock(START), (size) => new Uint8Array(size).fill(byte))
    const ids = Array.from({ length: 2_048 }, id)
    assertRising(ids)
    assert.equal(timeOf(ids.at(-1) ?? ''), START)
  }
})

test('ids of two sources at the same time differ, and the same seed makes the same', () => {
  const ids = [1, 2, 1].map((seed) => open(fakeClock(START), seededRandom(seed)).id())
  assert.notEqual(ids[0], ids[1])
  assert.equal(ids[0], ids[2])
})

test('the random part uses all of its 62 bits', () => {
  const { id } = open()
  const seen = { ones: 0n, zeros: 0n }
  for (let n = 0; n < 200; n += 1) {
    const bits = BigInt(`0x${id().replaceAll('-', '').slice(16)}`)
    seen.ones |= bits
    seen.zeros |= ~bits & 0xffff_ffff_ffff_ffffn
  }
  assert.deepEqual(seen, { ones: 0xbfff_ffff_ffff_ffffn, zeros: 0x7fff_ffff_ffff_ffffn })
})

test('the random source of the machine gives as many bytes as it is asked for, and others each time', () => {
  assert.equal(systemRandom(0).length, 0)
  assert.equal(systemRandom(32).length, 32)
  assert.notDeepEqual(systemRandom(32), systemRandom(32))
})

test('the first id of a time is greater than every id before it, and no greater than any from it on', () => {
  const { clock, id } = open()
  const before = id()
  clock.advance(1)
  const now = clock.now()
  const ids = [id(), id()]
  assert.ok(before < firstIdAt(now))
  assert.ok(ids.every((one) => one > firstIdAt(now) && timeOfId(one) === now))
  assert.equal(timeOfId(before), now - 1)
  assert.equal(firstIdAt(0), '00000000-0000')
  assert.equal(firstIdAt(-5), '00000000-0000')
})
