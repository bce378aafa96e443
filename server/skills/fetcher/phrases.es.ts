import type { Phrases } from '../skill.ts'

const PAGE = '[el|este] [página|página web|web|sitio|sitio web|artículo]'
const NEWS = '(noticias|entradas|artículos|titulares|publicaciones|novedades)'

/** What is said of addresses of the web, in Spanish. */
export const spanish: Phrases = {
  get: [
    '(descarga|obtén|trae|recupera|pide|consulta|solicita) [el] [dirección|url|archivo|contenido de|datos de|página] [de] {url}',
    '(haz|envía) [un] (petición|solicitud|llamada) get (a|hacia) {url}',
    'http get {url}',
    'get {url}',
    `(descarga|obtén|trae) ${PAGE} [de|en] {url}`,
  ],
  post: [
    '(envía|publica|postea|sube) [el] [datos|texto|json|contenido] {body} (a|hacia|en) [el] [dirección|url|servidor] {url}',
    '(envía|publica|postea|sube) (a|hacia|en) [el] [dirección|url|servidor] {url} [el] [datos|texto|json|contenido] {body}',
    '(haz|envía) [un] (petición|solicitud|llamada) post (a|hacia) {url} con {body}',
    '(haz|envía) [un] (petición|solicitud|llamada) post (a|hacia) {url}',
    'http post {body} a {url}',
  ],
  feed: [
    '(lee|muestra|trae|abre|comprueba|descarga) (el|mi) [canal] (feed|rss|feed rss|canal rss) [de|en] {url}',
    '(qué hay de nuevo|qué novedades hay|qué noticias hay|hay novedades|qué hay nuevo|alguna novedad) (en|de) [el feed] {url}',
    `[lee|muestra|dame|dime|trae] [el] [últimas|últimos] ${NEWS} [más recientes] (de|en) {url}`,
    '(rss|feed) [de] {url}',
  ],
  read_page: [
    `qué (pone|dice|hay|se lee) [en] ${PAGE} [de|en] {url}`,
    `(lee|abre|visita|muestra) ${PAGE} [en|de] {url}`,
    '(lee|muestra|dame) el (texto|contenido) de [la página] {url}',
    '(ve|entra) (a|en) [la] [página] {url}',
  ],
  html_to_text: [
    '(convierte|pasa|transforma) (este|el) [siguiente] html (a|en) texto [plano] {html}',
    '(convierte|pasa|transforma) (este|el) [siguiente] html (a|en) texto [plano]',
    'html a texto [{html}]',
    '(quita|elimina) (las etiquetas|el html) (de|en) {html}',
    '(extrae) el texto (de|del) [este] html {html}',
  ],
  json_path: [
    '(extrae|dame|muestra|lee) [el] ruta {path} (de|en|del) [este|el] [json] {json}',
    '(json path|jsonpath|ruta json) {path} (de|en|sobre|del) [este|el] [json] {json}',
    'qué hay en [el] ruta {path} (de|en|del) [este|el] [json] {json}',
    '(json path|jsonpath|consulta jsonpath)',
  ],
  webhook: [
    '(llama|dispara|activa|invoca|lanza) [al|a] [el|mi] (webhook|hook) [en] {url} con [el] [datos|contenido|carga] {payload}',
    '(llama|dispara|activa|invoca|lanza) [al|a] [el|mi] (webhook|hook) [en] {url}',
    'envía {payload} (al|a) [el|mi] webhook [en] {url}',
    'webhook {url} con {payload}',
  ],
}
