#!/usr/bin/env node
// The `paios` command for any Node: goes on under the project's own Node when the one that runs it is too old.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR = 26
const root = dirname(dirname(fileURLToPath(import.meta.url)))

if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR && existsSync(join(root, 'node_modules'))) {
  await import('./main.ts')
} else {
  const prepared = spawnSync(process.execPath, [join(root, 'scripts', 'bootstrap.mjs')], { stdio: 'inherit' })
  if (prepared.status !== 0) process.exit(prepared.status ?? 1)
  const node = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
  const words = [join(root, 'cli', 'paios.mjs'), ...process.argv.slice(2)]
  const child = spawn(existsSync(node) ? node : 'node', words, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 130)
  })
}
