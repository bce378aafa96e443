import type { Skill } from '../skill.ts'
import { add } from './add.ts'
import { done } from './done.ts'
import { import_csv } from './import-csv.ts'
import { keeps } from './items.ts'
import { list } from './list.ts'
import { prioritise } from './prioritise.ts'
import { remove } from './remove.ts'
import { rename } from './rename.ts'
import { german } from './phrases.de.ts'
import { spanish } from './phrases.es.ts'

export const tasks: Skill = {
  name: 'tasks',
  agent: {
    number: 4,
    name: 'Tasks & Lists',
    description: 'Keeps your to do list, the shopping list and any other list.',
  },
  needs: ['clock', 'records'],
  keeps,
  phrases: { de: german, es: spanish },
  actions: { add, done, remove, list, rename, prioritise, import_csv },
}
