import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fakeClock, seededRandom } from '../../../test/clock.ts'
import type { FakeClock } from '../../../test/clock.ts'
import type { Settings } from '../../kernel/settings.ts'
import { openSetup } from './setup.ts'
import type { SetupCode } from './setup.ts'

const folders: string[] = []
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

interface Opened {
  setup: SetupCode
  clock: FakeClock
  file: string
}

function open(options: { setup_code?: string; done?: boolean } = {}): Opened {
  const data_dir = mkdtempSync(join(tmpdir(), 'paios-setup-'))
  folders.push(data_dir)
  const clock = fakeClock(0)
  const settings = { data_dir, setup_code: options.setup_code } as Settings
  const setup = openSetup({ settings, clock, random: seededRandom(1) }, options.done === true)
  return { setup, clock, file: join(data_dir, 'setup-code') }
}

const codeOf = ({ setup }: Opened): string => setup.current() ?? assert.fail('there is no code')

test('the code has 140 bits in groups of four, and stands in a private file', () => {
  const opened = open()
  assert.match(codeOf(opened), /^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/)
  assert.equal(readFileSync(opened.file, 'utf8').trim(), codeOf(opened))
  assert.equal(statSync(opened.file).mode & 0o777, 0o600)
})

test('a code is taken however it was typed', () => {
  const opened = open()
  const code = codeOf(opened)
  opened.setup.check(` ${code.toLowerCase().replaceAll('-', ' ')} `)
  opened.setup.check(code.replaceAll('0', 'o').replaceAll('1', 'l'))
  assert.throws(() => opened.setup.check(code.slice(0, -1)), { status: 401, code: 'AUTH_004' })
})

test('after five wrong tries the right code is refused too, with the way to another one', () => {
  const opened = open()
  const code = codeOf(opened)
  for (const tries_left of [4, 3, 2, 1, 0]) {
    assert.throws(() => opened.setup.check('wrong'), { status: 401, details: { tries_left } })
  }
  assert.throws(() => opened.setup.check(code), { status: 429, message: /paios setup --new-code/ })
  assert.equal(opened.setup.current(), undefined)
  assert.equal(existsSync(opened.file), false)
  const next = opened.setup.renew()
  assert.notEqual(next, code)
  assert.throws(() => opened.setup.check(code), { status: 401 })
  opened.setup.check(next)
})

test('a code dies after 30 minutes, whatever the wall clock says', () => {
  const opened = open()
  const code = codeOf(opened)
  opened.clock.advance(1_799_999)
  opened.setup.check(code)
  opened.clock.advance(1)
  opened.clock.jump(-3_600_000)
  assert.throws(() => opened.setup.check(code), { status: 403, message: /paios setup --new-code/ })
  assert.equal(opened.setup.current(), undefined)
})

test('a code that was set counts as it is written', () => {
  const opened = open({ setup_code: 'Only-For-My-Own-Server' })
  opened.setup.check('Only-For-My-Own-Server')
  assert.throws(() => opened.setup.check('only-for-my-own-server'), { status: 401 })
})

test('once there is a user nothing is left of the setup', () => {
  const opened = open()
  const code = codeOf(opened)
  opened.setup.close()
  for (const { setup } of [opened, open({ done: true, setup_code: code })]) {
    assert.throws(() => setup.check(code), { status: 404, code: 'GENERAL_001' })
    assert.throws(() => setup.renew(), { status: 404 })
    assert.equal(setup.current(), undefined)
  }
  assert.equal(existsSync(opened.file), false)
})
