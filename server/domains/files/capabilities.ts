import { stat } from 'node:fs/promises'
import type { FilesCapability } from '../../skills/capabilities.ts'
import { ActionError } from '../../skills/skill.ts'
import { explained } from './failure.ts'
import { absolute, isReallyAllowed, realOf } from './place.ts'
import type { Paths } from './place.ts'
import { digest, entries, toFacts } from './read.ts'

/** Whose agent looks. */
interface Grant {
  owner: { user_id: string }
}

/**
 * Lets the owner's agents look at what lies in the allowed folders. A path is judged twice: by its words, and by where
 * the links on its way really lead. What is hidden (a name with a dot in front) and what the server itself keeps is
 * never shown, wherever it lies.
 */
export function bindFiles(
  settings: Paths,
  isOwner: (user_id: string) => boolean,
): (grant: Grant) => FilesCapability {
  return ({ owner }) => {
    const resolve = (path: string): string => {
      if (!isOwner(owner.user_id)) throw new ActionError('Only the owner of this server may watch its files.')
      return absolute(settings, path)
    }
    /** Where a path really is; `undefined` when nothing is there. */
    const locate = async (path: string): Promise<{ path: string; real: string } | undefined> => {
      const asked = resolve(path)
      const real = await explained(asked, realOf(asked, asked))
      if (!(await explained(asked, isReallyAllowed(settings, real.path))))
        throw new ActionError(`${asked} leads outside the folders that may be watched.`)
      return real.exists ? { path: asked, real: real.path } : undefined
    }
    return {
      resolve,
      look: async (path) => {
        const found = await locate(path)
        if (found === undefined) return undefined
        const facts = toFacts(found.path, await explained(found.path, stat(found.real)))
        if (facts === undefined) throw new ActionError(`${found.path} is neither a file nor a folder.`)
        return facts
      },
      list: async (path) => {
        const found = await locate(path)
        if (found === undefined) throw new ActionError(`There is no folder ${path}.`)
        return explained(found.path, entries(found.path, found.real))
      },
      digest: async (path) => {
        const found = await locate(path)
        if (found === undefined) throw new ActionError(`There is no file ${path}.`)
        return explained(found.path, digest(found.path, found.real))
      },
    }
  }
}
