/** In hexadecimal; the public key is compressed. */
export interface SignatureCase {
  readonly name: string
  readonly publicKey: string
  readonly message: string
  readonly signature: string
  readonly valid: boolean
}

/** RFC 6979 Appendix A.2; and Project Wycheproof, ecdsa_secp256r1_sha256. */
export const P256_CASES: readonly SignatureCase[] = [
  {
    name: 'RFC 6979 A.2.5, sample',
    publicKey: '0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6',
    message: '73616d706c65',
    signature:
      '3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
    valid: true,
  },
  {
    name: 'RFC 6979 A.2.5, test',
    publicKey: '0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6',
    message: '74657374',
    signature:
      '3045022100f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d383670220019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083',
    valid: true,
  },
  {
    name: 'Wycheproof 1: pseudorandom signature',
    publicKey: '0304aaec73635726f213fb8a9e64da3b8632e41495a944d0045b522eba7240fad5',
    message: '',
    signature:
      '3045022100b292a619339f6e567a305c951c0dcbcc42d16e47f219f9e98e76e09d8770b34a02200177e60492c5a8242f76f07bfe3661bde59ec2a17ce5bd2dab2abebdf89a62e2',
    valid: true,
  },
  {
    name: 'Wycheproof 6: Legacy: ASN encoding of s misses leading 0',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '304402202ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e180220b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 8: length of sequence [r, s] uses long form encoding',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '30814502202ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 9: length of sequence [r, s] contains a leading 0',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '3082004502202ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 10: length of sequence [r, s] uses 70 instead of 69',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '304602202ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 23: appending 0s to sequence [r, s]',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '304702202ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db0000',
    valid: false,
  },
  {
    name: 'Wycheproof 29: appending garbage to sequence [r, s]',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '3047304502202ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db0004deadbeef',
    valid: false,
  },
  {
    name: 'Wycheproof 48: indefinite length',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '308002202ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db0000',
    valid: false,
  },
  {
    name: 'Wycheproof 63: flipped bit 0 in r',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '30432ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e19022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 80: removing r',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature: '3023022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 82: lonely integer tag',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature: '302302202ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e1802',
    valid: false,
  },
  {
    name: 'Wycheproof 112: flipped bit 48 in s',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '304302202ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e1800b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c124b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 152: replaced r by r + n',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '30460221012ba3a8bd6b94d5ed80a6d9d1190a436ebccc0833490686deac8635bcb9bf5369022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 153: replaced r by r - n',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '30460221ff2ba3a8bf6b94d5eb80a6d9d1190a436f42fe12d7fad749d4c512a036c0f908c7022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 154: replaced r by r + 256 * n',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '3047022201002ba3a7be6b94d6ec80a6d9d1190a432be6dfbb2cb98d6d4d72972df620817f18022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 155: replaced r by -r',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '30450220d45c5741946b2a137f59262ee6f5bc91001af27a5e1117a64733950642a3d1e8022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 156: replaced r by n - r',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '3046022100d45c5740946b2a147f59262ee6f5bc90bd01ed280528b62b3aed5fc93f06f739022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 158: replaced r by r + 2**256',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '30460221012ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 159: replaced r by r + 2**320',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '304e02290100000000000000002ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 160: replaced s by s + n',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '3046022101b329f478a2bbd0a6c384ee1493b1f518276e0e4a5375928d6fcd160c11cb6d2c022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 161: replaced s by s - n',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '30450220b329f47aa2bbd0a4c384ee1493b1f518ada018ef05465583885980861905228a022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 162: replaced s by s + 256 * n',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '304702220100b329f379a2bbd1a5c384ee1493b1f4d55181c143c3fc78fc35de0e45788d98db022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 165: replaced s by s + 2**256',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '3046022101b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db022100b329f479a2bbd0a5c384ee1493b1f5186a87139cac5df4087c134b49156847db',
    valid: false,
  },
  {
    name: 'Wycheproof 168: Signature with special case values r=0 and s=0',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature: '3006020100020100',
    valid: false,
  },
  {
    name: 'Wycheproof 177: Signature with special case values r=1 and s=1',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature: '3006020101020101',
    valid: false,
  },
  {
    name: 'Wycheproof 186: Signature with special case values r=-1 and s=-1',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature: '30060201ff0201ff',
    valid: false,
  },
  {
    name: 'Wycheproof 195: Signature with special case values r=n and s=n',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '3046022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
    valid: false,
  },
  {
    name: 'Wycheproof 204: Signature with special case values r=n - 1 and s=n - 1',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '3046022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550',
    valid: false,
  },
  {
    name: 'Wycheproof 213: Signature with special case values r=n + 1 and s=n + 1',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature:
      '3046022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552',
    valid: false,
  },
  {
    name: 'Wycheproof 232: Signature encoding contains incorrect types: r=0, s=0.25',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature: '3008020100090380fe01',
    valid: false,
  },
  {
    name: 'Wycheproof 252: Signature encoding contains incorrect types: r=-1, s=True',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '313233343030',
    signature: '30060201ff010101',
    valid: false,
  },
  {
    name: 'Wycheproof 295: Edge case for Shamir multiplication',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '3639383139',
    signature:
      '3044022064a1aab5000d0e804f3e2fc02bdee9be8ff312334e2ba16d11547c97711c898e02206af015971cc30be6d1a206d4e013e0997772a2f91d73286ffd683b9bb2cf4f1b',
    valid: true,
  },
  {
    name: 'Wycheproof 296: special case hash',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '343236343739373234',
    signature:
      '3044022016aea964a2f6506d6f78c81c91fc7e8bded7d397738448de1e19a0ec580bf2660220252cd762130c6667cfe8b7bc47d27d78391e8e80c578d1cd38c3ff033be928e9',
    valid: true,
  },
  {
    name: 'Wycheproof 321: special case hash',
    publicKey: '022927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    message: '3130343738353830313238',
    signature:
      '304502206554e49f82a855204328ac94913bf01bbe84437a355a0a37c0dee3cf81aa7728022100aea00de2507ddaf5c94e1e126980d3df16250a2eaebc8be486effe7f22b4f929',
    valid: true,
  },
  {
    name: 'Wycheproof 350: k*G has a large x-coordinate',
    publicKey: '020ad99500288d466940031d72a9f5445a4d43784640855bf0a69874d2de5fe103',
    message: '313233343030',
    signature:
      '303502104319055358e8617b0c46353d039cdaab022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254e',
    valid: true,
  },
  {
    name: 'Wycheproof 351: r too large',
    publicKey: '020ad99500288d466940031d72a9f5445a4d43784640855bf0a69874d2de5fe103',
    message: '313233343030',
    signature:
      '3046022100ffffffff00000001000000000000000000000000fffffffffffffffffffffffc022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254e',
    valid: false,
  },
  {
    name: 'Wycheproof 355: small r and s',
    publicKey: '03a71af64de5126a4a4e02b7922d66ce9415ce88a4c9d25514d91082c8725ac957',
    message: '313233343030',
    signature: '3006020105020101',
    valid: true,
  },
  {
    name: 'Wycheproof 356: small r and s',
    publicKey: '036627cec4f0731ea23fc2931f90ebe5b7572f597d20df08fc2b31ee8ef16b1572',
    message: '313233343030',
    signature: '3006020105020103',
    valid: true,
  },
  {
    name: 'Wycheproof 357: small r and s',
    publicKey: '035a7c8825e85691cce1f5e7544c54e73f14afc010cb731343262ca7ec5a77f5bf',
    message: '313233343030',
    signature: '3006020105020105',
    valid: true,
  },
  {
    name: 'Wycheproof 376: s == 0',
    publicKey: '038aeb368a7027a4d64abdea37390c0c1d6a26f399e2d9734de1eb3d0e19373874',
    message: '313233343030',
    signature: '30250220555555550000000055555555555555553ef7a8e48d07df81a693439654210c70020100',
    valid: false,
  },
  {
    name: 'Wycheproof 377: edge case modular inverse',
    publicKey: '0261722eaba731c697c7a9ba4d0afdbb5713d8aa12b0eab601bb33dbaf792c5adc',
    message: '313233343030',
    signature:
      '30440220555555550000000055555555555555553ef7a8e48d07df81a693439654210c70022002f676969f451a8ccafa4c4f09791810e6d632dbd60b1d5540f3284fbe1889b0',
    valid: true,
  },
  {
    name: 'Wycheproof 384: edge case modular inverse',
    publicKey: '03a8a69c5ed33b150ce8d37ac197070ed894c05d47258a80c9041d92486622024d',
    message: '313233343030',
    signature:
      '30440220555555550000000055555555555555553ef7a8e48d07df81a693439654210c70022044237823b54e0c74c2bf5f759d9ac5f8cb897d537ffa92effd4f0bb6c9acd860',
    valid: true,
  },
  {
    name: 'Wycheproof 392: point at infinity during verify',
    publicKey: '03b533d4695dd5b8c5e07757e55e6e516f7e2c88fa0239e23f60e8ec07dd70f287',
    message: '313233343030',
    signature:
      '304402207fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a80220555555550000000055555555555555553ef7a8e48d07df81a693439654210c70',
    valid: false,
  },
  {
    name: 'Wycheproof 403: edge case for u1',
    publicKey: '03c9c2115290d008b45fb65fad0f602389298c25420b775019d42b62c3ce8a96b7',
    message: '313233343030',
    signature:
      '304502207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd022100bc4024761cd2ffd43dfdb17d0fed112b988977055cd3a8e54971eba9cda5ca71',
    valid: true,
  },
  {
    name: 'Wycheproof 427: point duplication during verification',
    publicKey: '035b812fd521aafa69835a849cce6fbdeb6983b442d2444fe70e134c027fc46963',
    message: '313233343030',
    signature:
      '304502206f2347cab7dd76858fe0555ac3bc99048c4aacafdfb6bcbe05ea6c42c4934569022100bb726660235793aa9957a61e76e00c2c435109cf9a15dd624d53f4301047856b',
    valid: true,
  },
  {
    name: 'Wycheproof 428: duplication bug',
    publicKey: '025b812fd521aafa69835a849cce6fbdeb6983b442d2444fe70e134c027fc46963',
    message: '313233343030',
    signature:
      '304502206f2347cab7dd76858fe0555ac3bc99048c4aacafdfb6bcbe05ea6c42c4934569022100bb726660235793aa9957a61e76e00c2c435109cf9a15dd624d53f4301047856b',
    valid: false,
  },
  {
    name: 'Wycheproof 431: comparison with point at infinity ',
    publicKey: '03dd86d3b5f4a13e8511083b78002081c53ff467f11ebd98a51a633db76665d250',
    message: '313233343030',
    signature:
      '30440220555555550000000055555555555555553ef7a8e48d07df81a693439654210c7002203333333300000000333333333333333325c7cbbc549e52e763f1f55a327a3aa9',
    valid: false,
  },
  {
    name: 'Wycheproof 444: public key shares x-coordinate with generator',
    publicKey: '036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
    message: '313233343030',
    signature:
      '3045022100bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca6050230220249249246db6db6ddb6db6db6db6db6dad4591868595a8ee6bf5f864ff7be0c2',
    valid: false,
  },
  {
    name: 'Wycheproof 448: x-coordinate of the public key has many trailing 0s',
    publicKey: '034f337ccfd67726a805e4f1600ae2849df3807eca117380239fbd816900000000',
    message: '4d657373616765',
    signature:
      '3046022100d434e262a49eab7781e353a3565e482550dd0fd5defa013c7f29745eff3569f10221009b0c0a93f267fb6052fd8077be769c2b98953195d7bc10de844218305c6ba17a',
    valid: true,
  },
  {
    name: 'Wycheproof 452: y-coordinate of the public key has many trailing 0s',
    publicKey: '023cf03d614d8939cfd499a07873fac281618f06b8ff87e8015c3f497265004935',
    message: '4d657373616765',
    signature:
      '304502204cd0429bbabd2827009d6fcd843d4ce39c3e42e2d1631fd001985a79d1fd8b430221009638bf12dd682f60be7ef1d0e0d98f08b7bca77a1a2b869ae466189d2acdabe3',
    valid: true,
  },
  {
    name: 'Wycheproof 456: y-coordinate of the public key has many trailing 1s',
    publicKey: '033cf03d614d8939cfd499a07873fac281618f06b8ff87e8015c3f497265004935',
    message: '4d657373616765',
    signature:
      '3046022100b7b16e762286cb96446aa8d4e6e7578b0a341a79f2dd1a220ac6f0ca4e24ed86022100ddc60a700a139b04661c547d07bbb0721780146df799ccf55e55234ecb8f12bc',
    valid: true,
  },
  {
    name: 'Wycheproof 460: x-coordinate of the public key is large',
    publicKey: '03fffffff948081e6a0458dd8f9e738f2665ff9059ad6aac0708318c4ca9a7a4f5',
    message: '4d657373616765',
    signature:
      '30440220766456dce1857c906f9996af729339464d27e9d98edc2d0e3b760297067421f60220402385ecadae0d8081dccaf5d19037ec4e55376eced699e93646bfbbf19d0b41',
    valid: true,
  },
  {
    name: 'Wycheproof 478: r = n - 3, x = n - 2 is invalid',
    publicKey: '02e7e49dd82812432744fefe723f7f69663214ad1b85c02b2650b4ca0354743a32',
    message: '68656c6c6f2c20776f726c64',
    signature:
      '3046022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254e022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254e',
    valid: false,
  },
]

/** RFC 6979 Appendix A.2; and Project Wycheproof, ecdsa_secp384r1_sha384. */
export const P384_CASES: readonly SignatureCase[] = [
  {
    name: 'RFC 6979 A.2.6, sample',
    publicKey: '02ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13',
    message: '73616d706c65',
    signature:
      '306602310094edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe4602310099ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8',
    valid: true,
  },
  {
    name: 'RFC 6979 A.2.6, test',
    publicKey: '02ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13',
    message: '74657374',
    signature:
      '30660231008203b63d3c853e8d77227fb377bcf7b7b772e97892a80f36ab775d509d7a5feb0542a7f0812998da8f1dd3ca3cf023db023100ddd0760448d42d8a43af45af836fce4de8be06b485e9b61b827c2f13173923e06a739f040649a667bf3b828246baa5a5',
    valid: true,
  },
  {
    name: 'Wycheproof 1: pseudorandom signature',
    publicKey: '0329bdb76d5fa741bfd70233cb3a66cc7d44beb3b0663d92a8136650478bcefb61ef182e155a54345a5e8e5e88f064e5bc',
    message: '',
    signature:
      '3064023032401249714e9091f05a5e109d5c1216fdc05e98614261aa0dbd9e9cd4415dee29238afbd3b103c1e40ee5c9144aee0f02304326756fb2c4fd726360dd6479b5849478c7a9d054a833a58c1631c33b63c3441336ddf2c7fe0ed129aae6d4ddfeb753',
    valid: true,
  },
  {
    name: 'Wycheproof 6: Legacy: ASN encoding of s misses leading 0',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '3064023012b30abef6b5476fe6b612ae557c0425661e26b44b1bfe19daf2ca28e3113083ba8e4ae4cc45a0320abd3394f1c548d70230e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 8: length of sequence [r, s] uses long form encoding',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '308165023012b30abef6b5476fe6b612ae557c0425661e26b44b1bfe19daf2ca28e3113083ba8e4ae4cc45a0320abd3394f1c548d7023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 9: length of sequence [r, s] contains a leading 0',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '30820065023012b30abef6b5476fe6b612ae557c0425661e26b44b1bfe19daf2ca28e3113083ba8e4ae4cc45a0320abd3394f1c548d7023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 10: length of sequence [r, s] uses 102 instead of 101',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '3066023012b30abef6b5476fe6b612ae557c0425661e26b44b1bfe19daf2ca28e3113083ba8e4ae4cc45a0320abd3394f1c548d7023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 23: appending 0s to sequence [r, s]',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '3067023012b30abef6b5476fe6b612ae557c0425661e26b44b1bfe19daf2ca28e3113083ba8e4ae4cc45a0320abd3394f1c548d7023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f820000',
    valid: false,
  },
  {
    name: 'Wycheproof 29: appending garbage to sequence [r, s]',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '30673065023012b30abef6b5476fe6b612ae557c0425661e26b44b1bfe19daf2ca28e3113083ba8e4ae4cc45a0320abd3394f1c548d7023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f820004deadbeef',
    valid: false,
  },
  {
    name: 'Wycheproof 48: indefinite length',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '3080023012b30abef6b5476fe6b612ae557c0425661e26b44b1bfe19daf2ca28e3113083ba8e4ae4cc45a0320abd3394f1c548d7023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f820000',
    valid: false,
  },
  {
    name: 'Wycheproof 63: flipped bit 0 in r',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '306312b30abef6b5476fe6b612ae557c0425661e26b44b1bfe19daf2ca28e3113083ba8e4ae4cc45a0320abd3394f1c548d6023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 80: removing r',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '3033023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 82: lonely integer tag',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '3033023012b30abef6b5476fe6b612ae557c0425661e26b44b1bfe19daf2ca28e3113083ba8e4ae4cc45a0320abd3394f1c548d702',
    valid: false,
  },
  {
    name: 'Wycheproof 112: flipped bit 48 in s',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '3063023012b30abef6b5476fe6b612ae557c0425661e26b44b1bfe19daf2ca28e3113083ba8e4ae4cc45a0320abd3394f1c548d700e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fedc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 152: replaced r by r + n',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '306602310112b30abef6b5476fe6b612ae557c0425661e26b44b1bfe19a25617aad7485e6312a8589714f647acf7a94cffbe8a724a023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 153: replaced r by r - n',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '30660231ff12b30abef6b5476fe6b612ae557c0425661e26b44b1bfe1a138f7ca6eeda02a462743d328394f8b71dd11a2a25001f64023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 154: replaced r by r + 256 * n',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '30670232010012b30abef6b5476fe6b612ae557c0425661e26b44b1bfde13e404c1d1a3f0fdbd49bfd2d7ced1b1ef6d69e61b6eebbd7023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 155: replaced r by -r',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '30650230ed4cf541094ab8901949ed51aa83fbda99e1d94bb4e401e6250d35d71ceecf7c4571b51b33ba5fcdf542cc6b0e3ab729023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 156: replaced r by n - r',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '3066023100ed4cf541094ab8901949ed51aa83fbda99e1d94bb4e401e5ec7083591125fd5b9d8bc2cd7c6b0748e22ee5d5daffe09c023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 158: replaced r by r + 2**384',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '306602310112b30abef6b5476fe6b612ae557c0425661e26b44b1bfe19daf2ca28e3113083ba8e4ae4cc45a0320abd3394f1c548d7023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 159: replaced r by r + 2**448',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '306e023901000000000000000012b30abef6b5476fe6b612ae557c0425661e26b44b1bfe19daf2ca28e3113083ba8e4ae4cc45a0320abd3394f1c548d7023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 160: replaced s by s + n',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '3066023101e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc5f8fc6adfda650a86aa74b95adbd6874b3cd8dde6cc0798f5023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 161: replaced s by s - n',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '30650230e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc66a35cfdbf1f6aec7fa409df64a7538556300ab11327d460f023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 162: replaced s by s + 256 * n',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '306702320100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35f8d94e69f521d5bbbff6c685df143cd5abd3c062f48c46be282023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 165: replaced s by s + 2**384',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '3066023101e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82023100e7bf25603e2d07076ff30b7a2abec473da8b11c572b35fc631991d5de62ddca7525aaba89325dfd04fecc47bff426f82',
    valid: false,
  },
  {
    name: 'Wycheproof 168: Signature with special case values r=0 and s=0',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature: '3006020100020100',
    valid: false,
  },
  {
    name: 'Wycheproof 177: Signature with special case values r=1 and s=1',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature: '3006020101020101',
    valid: false,
  },
  {
    name: 'Wycheproof 186: Signature with special case values r=-1 and s=-1',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature: '30060201ff0201ff',
    valid: false,
  },
  {
    name: 'Wycheproof 195: Signature with special case values r=n and s=n',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '3066023100ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973023100ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    valid: false,
  },
  {
    name: 'Wycheproof 204: Signature with special case values r=n - 1 and s=n - 1',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '3066023100ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52972023100ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52972',
    valid: false,
  },
  {
    name: 'Wycheproof 213: Signature with special case values r=n + 1 and s=n + 1',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature:
      '3066023100ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52974023100ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52974',
    valid: false,
  },
  {
    name: 'Wycheproof 232: Signature encoding contains incorrect types: r=0, s=0.25',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature: '3008020100090380fe01',
    valid: false,
  },
  {
    name: 'Wycheproof 252: Signature encoding contains incorrect types: r=-1, s=True',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '313233343030',
    signature: '30060201ff010101',
    valid: false,
  },
  {
    name: 'Wycheproof 295: Edge case for Shamir multiplication',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '3133323237',
    signature:
      '3066023100ac042e13ab83394692019170707bc21dd3d7b8d233d11b651757085bdd5767eabbb85322984f14437335de0cdf565684023100bd770d3ee4beadbabe7ca46e8c4702783435228d46e2dd360e322fe61c86926fa49c8116ec940f72ac8c30d9beb3e12f',
    valid: true,
  },
  {
    name: 'Wycheproof 296: special case hash',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '31373530353531383135',
    signature:
      '3066023100d3298a0193c4316b34e3833ff764a82cff4ef57b5dd79ed6237b51ff76ceab13bf92131f41030515b7e012d2ba857830023100bfc7518d2ad20ed5f58f3be79720f1866f7a23b3bd1bf913d3916819d008497a071046311d3c2fd05fc284c964a39617',
    valid: true,
  },
  {
    name: 'Wycheproof 321: special case hash',
    publicKey: '032da57dda1089276a543f9ffdac0bff0d976cad71eb7280e7d9bfd9fee4bdb2f20f47ff888274389772d98cc5752138aa',
    message: '32313132333535393630',
    signature:
      '3065023100c0169e2b8b97eeb0650e27653f2e473b97a06e1e888b07c1018c730cabfdeeec4a626c3edee0767d44e8ed07080c2ac4023013f46475f955f9701928067e3982d4ba5a58a379a66f91b74fad9ac8aee30086be6f41c9c2d8fb80e0924dedbe67e968',
    valid: true,
  },
  {
    name: 'Wycheproof 382: k*G has a large x-coordinate',
    publicKey: '024bf4e52f958427ebb5915fb8c9595551b4d3a3fdab67badd9d6c3093f425ba43630df71f42f0eb7ceaa94d9f6448a85d',
    message: '313233343030',
    signature:
      '304d0218389cb27e0bc8d21fa7e5f24cb74f58851313e696333ad68b023100ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52970',
    valid: true,
  },
  {
    name: 'Wycheproof 383: r too large',
    publicKey: '024bf4e52f958427ebb5915fb8c9595551b4d3a3fdab67badd9d6c3093f425ba43630df71f42f0eb7ceaa94d9f6448a85d',
    message: '313233343030',
    signature:
      '3066023100fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffe023100ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52970',
    valid: false,
  },
  {
    name: 'Wycheproof 387: small r and s',
    publicKey: '03554f2fd0b700a9f4568752b673d9c0d29dc96c10fe67e38c6d6d339bfafe05f970da8c3d2164e82031307a44bd322511',
    message: '313233343030',
    signature: '3006020102020101',
    valid: true,
  },
  {
    name: 'Wycheproof 388: small r and s',
    publicKey: '0344ee3335fa77d2fb02e4bd7074f45e598a879c0fa822ec718c21dc13b83440edc4e3c10a1858423e03044c9eff22591c',
    message: '313233343030',
    signature: '3006020102020102',
    valid: true,
  },
  {
    name: 'Wycheproof 389: small r and s',
    publicKey: '03e2f87f72e3c66c73037fe77607d42ad2d9c4cc159893b4b9b8b0365d3a7766dbe8678b02e2b68f58e5a4f7681061a390',
    message: '313233343030',
    signature: '3006020102020103',
    valid: true,
  },
  {
    name: 'Wycheproof 406: s == 0',
    publicKey: '02bd3d91f003e18adbea73079d4eba23b91fc17fcec14c9eb15a193fbc9ca39c8c747cd7a2c9623e05dd587ccbb8ab4c44',
    message: '313233343030',
    signature:
      '3035023055555555555555555555555555555555555555555555555542766f2b5167b9f51d5e0490c2e58d28f9a40878eeec6326020100',
    valid: false,
  },
  {
    name: 'Wycheproof 407: edge case modular inverse',
    publicKey: '025abbf618a084f67138c418a896d61af3af1826040835b73e7619846b495eba6f7eeaa2e9cc61c85f6100fedc25c16743',
    message: '313233343030',
    signature:
      '3064023055555555555555555555555555555555555555555555555542766f2b5167b9f51d5e0490c2e58d28f9a40878eeec63260230427f8227a67d9422557647d27945a90ae1d2ec2931f90113cd5b407099e3d8f5a889d62069e64c0e1c4efe29690b0992',
    valid: true,
  },
  {
    name: 'Wycheproof 414: edge case modular inverse',
    publicKey: '02c8793c0b7d239c26195cbea62a97b350d74e64609e3946eca0061b19fe480332be3ba3e4b62de5c5032d7437015adf15',
    message: '313233343030',
    signature:
      '3064023055555555555555555555555555555555555555555555555542766f2b5167b9f51d5e0490c2e58d28f9a40878eeec632602306ee5f8daae12c862e1f7f8b59294ac90448c4461e29b36ed623a719dd69bb17b3a4b7c29b9eb5c39ca6168bf6b597c6a',
    valid: true,
  },
  {
    name: 'Wycheproof 422: point at infinity during verify',
    publicKey: '02f896353cc3a8afdd543ec3aef062ca97bc32ed1724ea38b940b8c0ea0e23b34187afbe70daf8dbaa5b511557e5d2bdda',
    message: '313233343030',
    signature:
      '306402307fffffffffffffffffffffffffffffffffffffffffffffffe3b1a6c0fa1b96efac0d06d9245853bd76760cb5666294b9023055555555555555555555555555555555555555555555555542766f2b5167b9f51d5e0490c2e58d28f9a40878eeec6326',
    valid: false,
  },
  {
    name: 'Wycheproof 433: edge case for u1',
    publicKey: '03399be4cfc439f94f2421cbd34c2cd90bae53eb60ddfafca52f7275d165d14fa659b636713b5d4b39e62fd48bae141d0e',
    message: '313233343030',
    signature:
      '306502307ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd023100af4a81ee4ae79064ed80f27e1432e84845f15ece399f2cbf28df829ccd30f5ef62ec23957b837d73fe4e156edccd4465',
    valid: true,
  },
  {
    name: 'Wycheproof 453: point duplication during verification',
    publicKey: '03e585a067d6dff37ae7f17f81583119b61291597345f107acffe237a08f4886d4fdf94fe63182e6143c99be25a7b7d86b',
    message: '313233343030',
    signature:
      '3065023100b37699e0d518a4d370dbdaaaea3788850fa03f8186d1f78fdfbae6540aa670b31c8ada0fff3e737bd69520560fe0ce60023064adb4d51a93f96bed4665de2d4e1169cc95819ec6e9333edfd5c07ca134ceef7c95957b719ae349fc439eaa49fbbe34',
    valid: true,
  },
  {
    name: 'Wycheproof 454: duplication bug',
    publicKey: '02e585a067d6dff37ae7f17f81583119b61291597345f107acffe237a08f4886d4fdf94fe63182e6143c99be25a7b7d86b',
    message: '313233343030',
    signature:
      '3065023100b37699e0d518a4d370dbdaaaea3788850fa03f8186d1f78fdfbae6540aa670b31c8ada0fff3e737bd69520560fe0ce60023064adb4d51a93f96bed4665de2d4e1169cc95819ec6e9333edfd5c07ca134ceef7c95957b719ae349fc439eaa49fbbe34',
    valid: false,
  },
  {
    name: 'Wycheproof 457: comparison with point at infinity ',
    publicKey: '03b101cdb3eba20e112adbb4bbd2cb479a69e590a44ea902631832abfab8af2c3041b3df7f1665b2c6eb533f546217100a',
    message: '313233343030',
    signature:
      '3064023055555555555555555555555555555555555555555555555542766f2b5167b9f51d5e0490c2e58d28f9a40878eeec6326023033333333333333333333333333333333333333333333333327e0a919fda4a2c644d202bd41bcee4bc8fc05155c276eb0',
    valid: false,
  },
  {
    name: 'Wycheproof 470: public key shares x-coordinate with generator',
    publicKey: '03aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7',
    message: '313233343030',
    signature:
      '3065023100f9b127f0d81ebcd17b7ba0ea131c660d340b05ce557c82160e0f793de07d38179023942871acb7002dfafdfffc8deace02302492492492492492492492492492492492492492492492491c7be680477598d6c3716fabc13dcec86afd2833d41c2a7e',
    valid: false,
  },
  {
    name: 'Wycheproof 474: x-coordinate of the public key is large',
    publicKey: '03ffffffffaa63f1a239ac70197c6ebfcea5756dc012123f82c51fa874d66028be00e976a1080606737cc75c40bdfe4aac',
    message: '4d657373616765',
    signature:
      '3065023007648b6660d01ba2520a09d298adf3b1a02c32744bd2877208f5a4162f6c984373139d800a4cdc1ffea15bce4871a0ed02310099fd367012cb9e02cde2749455e0d495c52818f3c14f6e6aad105b0925e2a7290ac4a06d9fadf4b15b578556fe332a5f',
    valid: true,
  },
  {
    name: 'Wycheproof 478: y-coordinate of the public key has many trailing 0s',
    publicKey: '02d1827fc6f6f12f21992c5a409a0653b121d2ef02b2b0ab01a9161ce956280740b1e356b255701b0a6ddc9ec2ca8a9422',
    message: '4d657373616765',
    signature:
      '306402305e1af40f2480e3d97c4ae4bfd34a9f45269241356f3a46becd86a4a7c9716d73ca5aebdb3db1a7765650666683bc856b02307e7c4b473a2baaa4953785be8aa2a10006f6d36b400ab981864d69cecec046718d0404b9647454b159aa5a92d76d7955',
    valid: true,
  },
  {
    name: 'Wycheproof 482: x-coordinate of the public key has many trailing 0s',
    publicKey: '031099bb45100f55f5a85cca3de2b3bd5e250f4f6fad6631a3156c2e52a33d7d615dd279f79f8b4baff7c713ac00000000',
    message: '4d657373616765',
    signature:
      '3065023100d9c678550167f10c511e62acb4bd0a3f7f336bc090c94e6c6b02622439c348a2159c5f41f9b5aa4b470590d40dcd7cc202301fd5eaee295abb4081cb626745f4ad279ceb44604062830b58e6c0465c562d41f02ba588fc0db1ebbe339cdc008d7a1b',
    valid: true,
  },
  {
    name: 'Wycheproof 486: y-coordinate of the public key is small',
    publicKey: '02fb01baad5f0b8f79b9cd104d12aab9310146add7d6b4c022d87ae6711178b94d618ca7b3af13854b1c588879e877b336',
    message: '4d657373616765',
    signature:
      '3066023100d200958d491fcebde667cd736c9dba0961c70db2ecaf573c31dd7fa41ecca32b40b5896f9a0ddf272110e3d21e84593a023100c2ecf73943b9adce596bac14fce62495ae93825c5ff6f61c247d1d8afcba52082fc96f63a26e55bccfc3779f88cfd799',
    valid: true,
  },
  {
    name: 'Wycheproof 498: r = n - 2, x = n - 1 is invalid',
    publicKey: '021ffc8be6cf440e2649263c7b0c535b5828effcd7403d1e3c0460b5d06e179eb09f4672c299ef0839719f01e321252213',
    message: '68656c6c6f2c20776f726c64',
    signature:
      '3066023100ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52971023100ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52970',
    valid: false,
  },
]
