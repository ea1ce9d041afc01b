// Checks a credential without any server: the token and the published keys come as files. Prints the claims.
import { readFile } from 'node:fs/promises';

import { createLocalJWKSet, jwtVerify } from 'jose';

const [token, keys] = await Promise.all(process.argv.slice(2, 4).map((path) => readFile(path, 'utf8')));
const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(JSON.parse(keys)), {
  algorithms: ['RS256'],
  typ: 'JWT',
  requiredClaims: ['iss', 'jti', 'sub', 'nbf'],
});
console.log(JSON.stringify({ payload, header: protectedHeader }));
