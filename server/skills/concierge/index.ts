import type { Skill } from '../skill.ts'
import { clarify } from './clarify.ts'
import { help } from './help.ts'
import { route } from './route.ts'
import { keeps, teach_command } from './teach-command.ts'
import { german } from './phrases.de.ts'
import { spanish } from './phrases.es.ts'

export const concierge: Skill = {
  name: 'concierge',
  agent: {
    number: 1,
    name: 'Concierge',
    description: 'Explains what you can ask for and passes it to the right agent.',
  },
  needs: ['guide'],
  keeps,
  phrases: { de: german, es: spanish },
  actions: { help, route, clarify, teach_command },
}
