import type { Skill } from '../skill.ts'
import { add } from './add.ts'
import { done } from './done.ts'
import { import_csv } from './import-csv.ts'
import { list } from './list.ts'
import { prioritise } from './prioritise.ts'
import { remove } from './remove.ts'

export const tasks: Skill = {
  name: 'tasks',
  agent: {
    number: 4,
    name: 'Tasks & Lists',
    description: 'Keeps your to do list, the shopping list and any other list.',
  },
  needs: ['clock', 'records'],
  actions: { add, done, remove, list, prioritise, import_csv },
}
