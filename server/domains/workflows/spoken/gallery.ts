import { GALLERY } from '../gallery/index.ts'
import { changed } from '../propose/amend.ts'
import { sayTrigger } from '../propose/say.ts'
import { nameIn, noSuch, which } from './course.ts'
import type { Command, Course, SpokenParts } from './course.ts'
import { isSameName, workflowsNamed } from './names.ts'
import type { NamedWorkflow } from './names.ts'
import { firstRun, freeName } from './naming.ts'
import { listed, quoted } from './say.ts'

const ENTRIES: readonly NamedWorkflow[] = GALLERY.map(({ name, title }) => ({
  id: name,
  name: title,
  when: [],
}))

const TITLES = `The gallery has: ${GALLERY.map(({ title }) => title).join(', ')}.`

/** The title of what the gallery has under a name, with or without an article. */
export function galleryTitle(said: string): string | undefined {
  const name = said.trim().replace(/^(?:the|an?) /iu, '')
  return GALLERY.find(({ title }) => isSameName(title, name))?.title
}

/** Commands about the gallery, and about what is not done by a sentence. */
export function galleryCommands({ validate }: SpokenParts): Readonly<Record<string, Command>> {
  return {
    list_gallery: () => ({
      kind: 'say',
      text: `${TITLES} Say, such as, “install the ${GALLERY[0]?.title.toLowerCase() ?? ''}”.`,
    }),
    take_workflow: async (asked, workflows): Promise<Course> => {
      const said = String(asked.parameters['entry'])
      const found = workflowsNamed(said, ENTRIES)
      const entry = GALLERY.find(({ name }) => name === found[0]?.id)
      if (entry === undefined)
        return { kind: 'say', text: `The gallery has nothing called ${quoted(said)}. ${TITLES}` }
      if (found.length > 1)
        return {
          kind: 'ask',
          parameter: 'entry',
          choices: found.map(({ name }) => name),
          question: `Which one: ${listed(
            found.map(({ name }) => quoted(name)),
            'or',
          )}?`,
        }
      const { description } = entry
      const when = asked.parameters['when']
      const { trigger } = entry.definition
      const conditions = typeof when === 'string' ? changed(trigger.conditions, when) : undefined
      const definition =
        conditions === undefined
          ? entry.definition
          : { ...entry.definition, trigger: { ...trigger, conditions } }
      const other = conditions && sayTrigger(definition.trigger, new Map()).replace(/^E/u, 'e')
      const { valid, errors } = await validate(asked.user_id, definition)
      if (!valid)
        return { kind: 'say', text: `I cannot make that: ${errors[0]?.message ?? 'it would be refused'}.` }
      const name = freeName(entry.title, workflows)
      const same = workflows.find((one) => isSameName(one.name, entry.title))
      const again = same === undefined ? '' : ` You have ${quoted(same.name)} already, and would have both.`
      return {
        kind: 'agree',
        question:
          other === undefined
            ? `${description}${again} Shall I make it, as ${quoted(name)}?`
            : `Shall I make ${quoted(name)}, which runs ${other}?${again}`,
        agreed: {
          operation: 'workflows.create',
          input: { name, description, definition },
          done: `I have made ${quoted(name)}.${firstRun(definition.trigger, asked)}`,
        },
      }
    },
    edit_workflow: (asked, workflows) =>
      about(
        asked,
        workflows,
        (name) =>
          `The steps of ${name} are changed in its file: “paios workflows show” writes it, and “paios workflows update” takes it back. By a sentence I can make another workflow.`,
      ),
    rest_workflow: (asked, workflows) =>
      about(
        asked,
        workflows,
        (name) =>
          `Nothing is changed: I cannot switch ${name} on again by myself. Say “turn off” and its name, and “turn on” when it shall go on.`,
      ),
  }
}

/** What cannot be done with the workflow that was named, or with one. */
function about(
  asked: Parameters<Command>[0],
  workflows: readonly NamedWorkflow[],
  say: (name: string) => string,
): Course {
  const said = nameIn(asked)
  const found = said === undefined ? [] : workflowsNamed(said, workflows)
  if (said !== undefined && found.length === 0) return noSuch(said, workflows)
  const [first] = found
  if (found.length > 1) return which(found)
  const text = say(first === undefined ? 'a workflow' : quoted(first.name))
  return { kind: 'say', text, ...(first && { about: { kind: 'workflow', id: first.id } }) }
}
