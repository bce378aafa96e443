import type { Skill } from '../skill.ts'
import { check } from './check.ts'
import { compare } from './compare.ts'
import { list } from './list.ts'
import { keeps } from './record.ts'
import { read_source } from './read-source.ts'
import { unwatch } from './unwatch.ts'
import { watch } from './watch.ts'
import { german } from './phrases.de.ts'
import { spanish } from './phrases.es.ts'

export const watcher: Skill = {
  name: 'watcher',
  agent: {
    number: 7,
    name: 'Watcher',
    description: 'Watches files, folders, pages, feeds and ports, and tells you when they change.',
  },
  needs: ['clock', 'records', 'checks', 'files', 'net', 'worker'],
  phrases: { de: german, es: spanish },
  actions: { watch, compare, list, unwatch, read_source },
  check,
  keeps,
}
