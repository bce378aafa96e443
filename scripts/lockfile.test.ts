import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findLockProblems, productionPackages } from './lockfile.ts'

const sound = { version: '1.0.0', integrity: 'sha512-x', license: 'MIT' }

/** A lock file of these packages. */
function lock(packages: Record<string, object>): string {
  return JSON.stringify({ name: 'paios', packages: { '': { name: 'paios' }, ...packages } })
}

test('a package with its digest and nothing else is sound, and the project itself needs none', () => {
  assert.deepEqual(findLockProblems(lock({ 'node_modules/a': sound })), [])
  assert.deepEqual(findLockProblems(lock({})), [])
})

test('each problem of each package is named', () => {
  const packages = {
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { ...sound, resolved: 'https://registry.example/b.tgz' },
    'node_modules/c': { ...sound, hasInstallScript: true },
    'node_modules/d': { resolved: 'file:../d', hasInstallScript: true },
    'node_modules/koffi': { ...sound, hasInstallScript: true },
    'node_modules/koffi-2': { ...sound, hasInstallScript: true },
  }
  assert.deepEqual(findLockProblems(lock(packages)), [
    'node_modules/a has no integrity',
    'node_modules/b names where it was fetched',
    'node_modules/c runs a script when it is installed',
    'node_modules/d has no integrity',
    'node_modules/d names where it was fetched',
    'node_modules/d runs a script when it is installed',
    'node_modules/koffi-2 runs a script when it is installed',
  ])
})

test('a script of a package for development is allowed, because a server never installs it', () => {
  const packages = { 'node_modules/a': { ...sound, hasInstallScript: true, dev: true } }
  assert.deepEqual(findLockProblems(lock(packages)), [])
})

test('packages of production are counted without those for development and without the project', () => {
  const packages = {
    'node_modules/a': sound,
    'node_modules/a/node_modules/b': sound,
    'node_modules/c': { ...sound, dev: true },
    'node_modules/d': { ...sound, optional: true },
  }
  assert.equal(productionPackages(lock(packages)), 3)
  assert.equal(productionPackages(lock({})), 0)
})

test('what is no lock file is a mistake, not a sound one', () => {
  assert.throws(() => findLockProblems(''))
  assert.throws(() => findLockProblems('{}'))
})
