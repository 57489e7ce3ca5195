/** `fixed-answer.mjs LENGTH`: an HTTP server that reads each request and answers LENGTH bytes; prints its URL. */
import { createServer } from 'node:http'

const body = Buffer.alloc(Number(process.argv[2]), 'x')
const headers = { 'content-type': 'application/x-amz-json-1.1', 'content-length': String(body.length) }

const server = createServer({ noDelay: true }, (request, response) => {
  request.on('data', () => {})
  request.on('end', () => {
    response.writeHead(200, headers)
    response.end(body)
  })
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
