import type { Phrases } from '../skill.ts'

const PLACE =
  '(página|página web|web|sitio|sitio web|archivo|fichero|carpeta|directorio|feed|puerto|dirección|servidor|url)'
const WHAT = `[a] [el|mi|este] [${PLACE.slice(1, -1)}] [en|de]`
const WATCH = '(vigila|monitoriza|observa|comprueba|controla)'
const TELL = '(avísame|dime|notifícame|que me avises|infórmame|me avisas|hazme saber|ponme al tanto)'
const ONCE = '(cuando|si|en cuanto|cada vez que)'
const CHANGES =
  '(cambie|cambia|haya cambios|hay cambios|haya novedades|hay novedades|se actualice|hay algo nuevo|haya algo nuevo|ha cambiado|se modifique|se mueva)'
const LOOK = '(comprueba|mira|vigila|controla|verifica|echa un vistazo|observa|revisa)'

/** What is said of things that are watched, in Spanish. */
export const spanish: Phrases = {
  watch: [
    `(vigila|monitoriza|observa|controla) ${WHAT} {target} [por si hay cambios|por si cambia]`,
    `${WATCH} ${WHAT} {target} cada {every_seconds} [por si hay cambios|por si cambia]`,
    [`${WATCH} ${WHAT} {target} cada hora`, { every_seconds: 3600 }],
    [`${WATCH} ${WHAT} {target} (cada día|todos los días|a diario)`, { every_seconds: 86_400 }],
    [`${WATCH} ${WHAT} {target} cada minuto`, { every_seconds: 60 }],
    `(echa|ten|mantén) [un] (ojo|vigilado|vigilada) (a|en) ${WHAT} {target}`,
    `no pierdas de vista ${WHAT} {target}`,
    `${TELL} ${ONCE} [algo|hay algo que] ${CHANGES} [en|de] ${WHAT} {target}`,
    `${TELL} ${ONCE} ${WHAT} {target} ${CHANGES}`,
    `${TELL} ${ONCE} ${WHAT} {target} (se caiga|se cae|esté caído|esté caída|vuelva|esté disponible|no responda|deje de funcionar|falle)`,
    `${TELL} ${ONCE} (se caiga|se cae|deje de funcionar|deje de responder|vuelva|falle|no responda) ${WHAT} {target}`,
    `${TELL} ${ONCE} ${WHAT} {target} (diga|mencione|contenga|ponga|muestre) {contains}`,
    `${TELL} ${ONCE} en ${WHAT} {target} (diga|mencione|contenga|ponga|aparezca|salga) {contains}`,
    `${TELL} ${ONCE} (aparezca|salga|ponga) {contains} en ${WHAT} {target}`,
    `(vigila|observa|monitoriza) ${WHAT} {target} y ${TELL} ${ONCE} [algo] ${CHANGES}`,
    `${LOOK} cada {every_seconds} (si|por si) [hay cambios en|ha cambiado|cambia] ${WHAT} {target} [responde|funciona|cambia|está disponible|sigue funcionando|está abierto]`,
    [
      `${LOOK} cada hora (si|por si) [hay cambios en|ha cambiado|cambia] ${WHAT} {target} [responde|funciona|cambia]`,
      { every_seconds: 3600 },
    ],
    [
      `${LOOK} (cada día|todos los días) (si|por si) [hay cambios en|ha cambiado|cambia] ${WHAT} {target} [responde|funciona|cambia]`,
      { every_seconds: 86_400 },
    ],
    `(estate|permanece|mantente) (atento|atenta|pendiente) (a|de) ${WHAT} {target}`,
    `que vigiles ${WHAT} {target}`,
    `vigiles ${WHAT} {target}`,
    'suscríbete a {target}',
    `empieza a (vigilar|monitorizar|observar) ${WHAT} {target}`,
  ],
  compare: [
    `(ha cambiado|cambió|hay cambios|hubo cambios|ha habido cambios) [algo] (en|de) ${WHAT} {label}`,
    `qué (ha cambiado|cambió|cambios hay) en ${WHAT} {label:address}`,
    `qué (ha cambiado|cambió|cambios hay|hay de nuevo|es distinto) en (el|mi) ${PLACE} {label}`,
    `(cuál fue|cuándo fue) el último cambio (en|de) (el|mi) ${PLACE} {label}`,
    'qué (ha visto|viste|has visto|notaste) [la vigilancia] (de|en|al vigilar) {label}',
    `(muestra|dime) qué (ha cambiado|cambió) en (el|mi) ${PLACE} {label}`,
    'compara (el|lo) (vigilado|vigilada) {label}',
  ],
  list: [
    'qué (estás|está) (vigilando|monitorizando|observando) [ahora]',
    'qué (vigilas|monitorizas|observas|controlas)',
    '(qué|cuáles) (páginas|archivos|carpetas|feeds|webs|sitios|cosas|puertos) (estás vigilando|vigilas|monitorizas|observas|estás observando)',
    '(lista|muestra|dime|enumera) [todos] [el|mi|tus] (vigilancias|cosas vigiladas|páginas vigiladas|observaciones)',
    '(estás|hay) (vigilando|observando) algo',
    '[todos] mi vigilancias',
    '(muestra|dime) [todo] lo que (vigilas|estás vigilando|observas)',
    'de qué estás pendiente',
    'qué (cosas|páginas) (hay vigiladas|tengo vigiladas)',
  ],
  unwatch: [
    `no hace falta que (sigas vigilando|vigiles) [más] ${WHAT} {label}`,
    `no (sigas|hace falta seguir) vigilando ${WHAT} {label}`,
    `puedes dejar de (vigilar|observar) ${WHAT} {label}`,
    `ya no (hace falta|tienes que|necesito que) (vigilar|vigiles|sigas vigilando) ${WHAT} {label}`,
    `(deja de|para de|termina de) (vigilar|monitorizar|observar|controlar) ${WHAT} {label}`,
    `(deja de|para de) (vigilar|monitorizar|observar|controlar)`,
    `no (vigiles|monitorices|observes) [más] ${WHAT} {label} [más]`,
    `ya no (vigiles|monitorices|observes) [más] ${WHAT} {label}`,
    `(quita|borra|elimina|cancela|termina) la (vigilancia|observación) (de|del|en|sobre|a) ${WHAT} {label}`,
    '(quita|borra|elimina|cancela|termina) la (vigilancia|observación)',
    'cancela la suscripción a {label}',
    `puedes dejar de vigilar ${WHAT} {label}`,
    `dejar de vigilar ${WHAT} {label}`,
  ],
}
