import type { HashName } from '../../engine.ts'

/** In hexadecimal. */
export interface HkdfCase {
  readonly name: string
  readonly hash: HashName
  readonly keyMaterial: string
  readonly salt: string
  readonly info: string
  readonly output: string
}

/** RFC 5869 Appendix A; and Project Wycheproof, hkdf. */
export const HKDF_CASES: readonly HkdfCase[] = [
  {
    name: 'RFC 5869 A.1',
    hash: 'sha256',
    keyMaterial: '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b',
    salt: '000102030405060708090a0b0c',
    info: 'f0f1f2f3f4f5f6f7f8f9',
    output: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  },
  {
    name: 'RFC 5869 A.2',
    hash: 'sha256',
    keyMaterial:
      '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f',
    salt: '606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf',
    info: 'b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff',
    output:
      'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
  },
  {
    name: 'RFC 5869 A.3',
    hash: 'sha256',
    keyMaterial: '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b',
    salt: '',
    info: '',
    output: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
  },
  {
    name: 'Wycheproof 2',
    hash: 'sha256',
    keyMaterial: '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b',
    salt: '',
    info: '',
    output: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
  },
  {
    name: 'Wycheproof 4',
    hash: 'sha256',
    keyMaterial: '24aeff2645e3e0f5494a9a102778c43a',
    salt: '',
    info: '',
    output: 'd4cca5e416c3d9eb58bd562e922691daff76aa4d',
  },
  {
    name: 'Wycheproof 5',
    hash: 'sha256',
    keyMaterial: 'a23632e18ec76b59b1c87008da3f8a7e',
    salt: '',
    info: '',
    output: '976d1590926ac35e28d7f1a29fe98a1f787703a71cee3cb2c10acb9cc1b56c0f21b55d5de37755a79b12',
  },
  {
    name: 'Wycheproof 9',
    hash: 'sha256',
    keyMaterial: '55fb6dcc7802354e55a45a6e41858c05',
    salt: '',
    info: 'dcd590e418b259c64fb9e139b3a1280d5de8400b',
    output:
      '6ca91e1a6c0eb286d6fea277e9936f2486104c4c5d473a92872009f04aa545a61d03d83e14aa0965ba355551b93073ef91382c88afad091c62f6f65188f789e3',
  },
  {
    name: 'Wycheproof 16',
    hash: 'sha256',
    keyMaterial: 'd003dd047181bd66420b529c78aaee1b',
    salt: '5a2737f637eb905ba5a480d51a721c012f3ff9701d9c4fa1424f1f5f540f',
    info: '',
    output: '97a651d4686f4ecc414b58bbd841a4ec99a5964c',
  },
  {
    name: 'Wycheproof 23',
    hash: 'sha256',
    keyMaterial: '24a37db03dbcffbe9e28d582d0d8c60a',
    salt: '4c3d3b4f5436418713fbe2fbc4d647095ce5d5392dcfffd20327187e14fb68360b94c5122203292d8b648a754ab70f6d3d61e0650f06d55c4b5762cba0231e27',
    info: '8cd9e7b786a74bd370bae434e31a559bdf75d65f',
    output: 'c5c5feec3ad95581ce00a27f8c79783401d455b056196dc072ad2cfd389da72a06d87d431f56978a37c4',
  },
  {
    name: 'Wycheproof 30',
    hash: 'sha256',
    keyMaterial: '71220f185f4f2d436fa88b61f7ddf4a10948385e',
    salt: '',
    info: 'f392a656590cdd585a06ad4892d2381ad0616a99',
    output: 'db44f61cc3538799665902ea761be6fea0c51e75',
  },
  {
    name: 'Wycheproof 37',
    hash: 'sha256',
    keyMaterial: 'f7ca016ff5fae1cc11628196efef8ad174c1dcb9',
    salt: 'e3519f32e44952385308db5455878cc4',
    info: '53b94ea0d6e0da9145a0ffdb5cf708889b9747fc',
    output: '5bbec6f981e7aec6c5f49da0322777a5390c54926c65b3bcd4fcbc27250625939ccfcc11bc3cfabf9242',
  },
  {
    name: 'Wycheproof 44',
    hash: 'sha256',
    keyMaterial: '611710557b5f54c91ee635c38f16222b00a71533',
    salt: '4f7e27c2efd4e2ae3774fd948d95e30d40a16ff799d31bad27b37eda9bc7',
    info: 'f3cfd0fe4090c2927217405f339b450553a51140',
    output:
      'ff01c3d44225f27f77af95c443640d83be29fcdc9722ec045de937327b563b349aa95b6899d9e2aac995e7ea5f4f0bf34f665fc9124ab9607a91c23ea104594a',
  },
  {
    name: 'Wycheproof 51',
    hash: 'sha256',
    keyMaterial: '1b6c7d5da045bf8bd4ac3083e8de2b90904bc7f7830bef876e355b74466cef91',
    salt: '',
    info: '',
    output: '50dd5b5adbe96aa216f93c4cbb7d568d5141b3ef7214be885984629b93f07814870db846c3efc8c7db7f',
  },
  {
    name: 'Wycheproof 58',
    hash: 'sha256',
    keyMaterial: '9ee52bce034b6c2b86d280a16cd67556de34c38c6fed2166a00f90c13164a435',
    salt: '56aaaea767cb8a0d5178c94d4761459a',
    info: '',
    output:
      '282fe1ea640e79b5f7f967e510fbf3bde0e20672c5bf284dd7230aaf75b7c82472881ce2a0b89692817be18c41fa38f06de284a489068e9af452326bbc10ee5a',
  },
  {
    name: 'Wycheproof 65',
    hash: 'sha256',
    keyMaterial: '3933360960bcbb94262644f81fc832b15eb47834f797577fd9fa6c2110ee22d0',
    salt: 'f29df8b80352ca0c08109e0fcedd4c24dd0547f4f2c67cf51caf3553e7cc',
    info: 'ffbb2b91b560790cef1eb610e013082986b47fdb',
    output: '15aa7ebe468eea566917d0346dde6dd78ba626da',
  },
  {
    name: 'Wycheproof 72',
    hash: 'sha256',
    keyMaterial: '279d9c928e719274379be30bd6feee738f8c53049e99390004b3d9a8745738b8',
    salt: '9a8080efd34f9d82ae74d750672d2f6d0b055a3af78a4e40888e93466f1641dd',
    info: 'efaf2275a9a729c0',
    output:
      'd88cec7b19c6332151244accc7adf1009667abb0dacb358d740ca2101bddc610473bf322674fc50e37650a576e81785002b35fd1be18eca5ebf8ac0bae4f416bf1f00411d8f63d84aa4a2859aa574540e6f24a94acd51bb4b11275602144578b2671df502b2fef6ee21e7a47cc0152e7f24608953287661d10392c6e2dac6351',
  },
  {
    name: 'Wycheproof 79',
    hash: 'sha256',
    keyMaterial: '3ee1fc0d8fac49d494c4a1b8cf6bf290a4a2c19a27c3ab1914d0d21c841577e0',
    salt: '508c49c8298f899aa4f3a956dfe08a58f24944d8366d280f51d11e81136e4ecc',
    info: '4dc991623624fadef207587e42776cf3e0fdf4e5',
    output: '52a1d834f372578ccc7b57e9149f4c45f98ff754dbdec0bb3a8f931bd14e4bb1',
  },
  {
    name: 'Wycheproof 86',
    hash: 'sha256',
    keyMaterial: '3ee1fc0d8fac49d494c4a1b8cf6bf290a4a2c19a27c3ab1914d0d21c841577e0',
    salt: '9962310f7e8c4300000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',
    info: '4dc991623624fadef207587e42776cf3e0fdf4e5',
    output: '909e3925c51ea4b543e30cca4f184452f494b8f20b99f36496e1c8110b48949c',
  },
  {
    name: 'Wycheproof 1',
    hash: 'sha384',
    keyMaterial: '24aeff2645e3e0f5494a9a102778c43a',
    salt: '',
    info: '',
    output: '4b7045423d9156424b0b85d95a7d602fba3924b1',
  },
  {
    name: 'Wycheproof 2',
    hash: 'sha384',
    keyMaterial: 'a23632e18ec76b59b1c87008da3f8a7e',
    salt: '',
    info: '',
    output: '46cddd93b528a7b2df07a3d21e809d8980e1bf8faebfa48199779626ddbe925781ce9fc8de6b27eaeec7',
  },
  {
    name: 'Wycheproof 3',
    hash: 'sha384',
    keyMaterial: 'a4748031a14d3e6aafe42aa20c568f5f',
    salt: '',
    info: '',
    output:
      '61c0d2797276f1b789397e5a4be75c961a77bdbad4cca2bd9a4160cb85fafb1b32f95d610c58766f29769d0c68b0bcfb15916d49b72e52ad2f3e7315618175d3',
  },
  {
    name: 'Wycheproof 9',
    hash: 'sha384',
    keyMaterial: '529e91a61895f1c4ceb5b6994f48783b',
    salt: '12e4ae515328983bab2d88da3cb32a95',
    info: '',
    output:
      '9806d5f9c7636f589a340b775b74fac64880948d12c3a4545a9a4963b5bf4b8c90c3fb51a5d39dae5213ec31b55b587decfd6e361cc856b89c07c6e93ef165f9',
  },
  {
    name: 'Wycheproof 16',
    hash: 'sha384',
    keyMaterial: 'ef7c6fecad5a8674b65b78c1d696d9a0',
    salt: 'ee9d00f7d448d4b3a206bd7e7fb8a9a6564ca80c9e0eb6ef61a4933c157c',
    info: '35054b8177e4ee42e4e51bf60e91c3f56dcbaa12',
    output: '41b7b9068d38cdb3f9add3b688804e1ab9722298',
  },
  {
    name: 'Wycheproof 23',
    hash: 'sha384',
    keyMaterial: 'd04f44faa4542b34f958d8a863801f2c',
    salt: '',
    info: 'ff6b5b655cbf2421a66d2f28408395a2ce57264f76bd60befd51cbfd9474faa47a97a9aa0f0e4338635633023cb36da12a3051f1f369355b687304e74c5218b315',
    output:
      '77565d63e3ca67928bb69a3ac37b19014f77a48a0faae7310730b5186f31498e9797120eab415d26d0084662174cd1d589f0c6d8226ce9870ebdd19b84838e047bb5613eb530a3ebd50be02b2e984a74',
  },
  {
    name: 'Wycheproof 30',
    hash: 'sha384',
    keyMaterial: 'e1dfecb28787a93133763ba4760a55a2c20ab407',
    salt: '0b86a968f9d45bd38ffc2369a92bc66d',
    info: '',
    output: '54e33876f2af2493febbfa0dcabfad73ee1f6bbb',
  },
  {
    name: 'Wycheproof 37',
    hash: 'sha384',
    keyMaterial: '61a281d49fc0bd3012e1b7f5dc17e980cf611ea9',
    salt: '80f768a758ec5e45c0f2e3fd349e432347be89d25e00817aaea4a1c510a9',
    info: '',
    output: '19d1cc1cc285e5ecb87b28e2d79e898036c7a1bbf84842a59ff3be0a336ed8790a32c493e3ba33d874b9',
  },
  {
    name: 'Wycheproof 51',
    hash: 'sha384',
    keyMaterial: 'ad75f83c7fef898ab33a429af351c10caaf39ef27b161a6806d34f1f4f8be229',
    salt: '',
    info: '69546d578a213b7f2af101c8ef532339324d43ea',
    output: '3d7f8c5a3b0250b5a60f035e9bab29b6ac3ee9b01aca3e3a649b177a66afb609847369853a578f7e0f63',
  },
  {
    name: 'Wycheproof 58',
    hash: 'sha384',
    keyMaterial: '62dc1cecc7f444d924e20e9e3cdef183b5120b1f5bf863519826fad284c883d9',
    salt: '1956ce69bc08e45ce86f5dca57d0723a',
    info: '0cf3a7823b830f3542ed7e66b47be87c47e6da99',
    output:
      'b829a0d3f4ef7a297e297c1b1411ce3cb25b765d136902623433e46d3b45e1783591019561f11ed7779d5d4e9f9e932dc6eb4e11b791c6ee613ee8b93196999b',
  },
  {
    name: 'Wycheproof 65',
    hash: 'sha384',
    keyMaterial: '26c100db697f01ab998be43afbc294cdd0554e43ad75a6ce5de4c5fa427760dc',
    salt: '80169781fc54f9c49e852e49b7246174b7017e02d2ce71bc7ce851b82151688b34ce1f203930e00b7f6e8d56b51b3d33d688fe24dc17a935332ed32372cad575',
    info: '',
    output: '896fc66aa2a5f16a892d91622bbfc0c044a26b11263006c37456f034933f3c54dd9cca4d53aca7afc924',
  },
  {
    name: 'Wycheproof 79',
    hash: 'sha384',
    keyMaterial: 'b77c1b4a865339d78c8e3ed7454ac6823b678d81126ce613c9e82ffab9e38ea88328d9eab8e88b409c1cedba7a74e8d7',
    salt: 'c38f0e60711bb9d900000000000000000000000000000000',
    info: '6a5253cb802bf83c3b3941aabc08d524beedf003',
    output: '0efab5114d09d9bd8d801cfa593ee771a4d0a3637c676da2ef9f656127519950',
  },
  {
    name: 'Wycheproof 1',
    hash: 'sha512',
    keyMaterial: '24aeff2645e3e0f5494a9a102778c43a',
    salt: '',
    info: '',
    output: 'dd2599840b09699c6200b5cba79002b3aa75c61b',
  },
  {
    name: 'Wycheproof 2',
    hash: 'sha512',
    keyMaterial: 'a23632e18ec76b59b1c87008da3f8a7e',
    salt: '',
    info: '',
    output: 'c4af93d4bae9ca2b45f590cd3d2f539ff5749d7b0864fbe44a438d38a2f8e5afe01641145e389c989766',
  },
  {
    name: 'Wycheproof 3',
    hash: 'sha512',
    keyMaterial: 'a4748031a14d3e6aafe42aa20c568f5f',
    salt: '',
    info: '',
    output:
      '62ea97e06051e40b79deb127a4da294f557cafa3d7a90a75c02064571dfbbe4699129bdcec4b39eed7757ce8e3571589f7d8f5523c0dc3fd6a56b099fb4bfd51',
  },
  {
    name: 'Wycheproof 9',
    hash: 'sha512',
    keyMaterial: '529e91a61895f1c4ceb5b6994f48783b',
    salt: '12e4ae515328983bab2d88da3cb32a95',
    info: '',
    output:
      '9c40abb65d7ef9826758a9818668624907b2bc0d9ff6b80d60673d2fdd68418874f48bf1960d75e19c6594d7079b6b019d8e3ec98705a6b4886e122c9eab955e',
  },
  {
    name: 'Wycheproof 16',
    hash: 'sha512',
    keyMaterial: 'ef7c6fecad5a8674b65b78c1d696d9a0',
    salt: 'ee9d00f7d448d4b3a206bd7e7fb8a9a6564ca80c9e0eb6ef61a4933c157c',
    info: '35054b8177e4ee42e4e51bf60e91c3f56dcbaa12',
    output: '55993a8f74405846fbb4e22515088db8cc28096d',
  },
  {
    name: 'Wycheproof 23',
    hash: 'sha512',
    keyMaterial: 'd04f44faa4542b34f958d8a863801f2c',
    salt: '',
    info: 'ff6b5b655cbf2421a66d2f28408395a2ce57264f76bd60befd51cbfd9474faa47a97a9aa0f0e4338635633023cb36da12a3051f1f369355b687304e74c5218b315',
    output:
      '76ebb3133cbf07afb653393bea4e4ecdab9d8e8fcc5e79e67d5346312ce9e46e937b3393170b811e25f7621923f74e519b604ae2b9884fe2d7202782ee9e20100f95341d8b6ff1f39db23bab7b7edcd6',
  },
  {
    name: 'Wycheproof 30',
    hash: 'sha512',
    keyMaterial: 'e1dfecb28787a93133763ba4760a55a2c20ab407',
    salt: '0b86a968f9d45bd38ffc2369a92bc66d',
    info: '',
    output: '5f0956ba2c2a5791e79b845f2166a3391a6c192c',
  },
  {
    name: 'Wycheproof 37',
    hash: 'sha512',
    keyMaterial: '61a281d49fc0bd3012e1b7f5dc17e980cf611ea9',
    salt: '80f768a758ec5e45c0f2e3fd349e432347be89d25e00817aaea4a1c510a9',
    info: '',
    output: 'e440ded004511a14dbe7fcf2609518e4bd6bc614d1c5629c0d082d5ca3e5d1260b46f108af1ea60dc463',
  },
  {
    name: 'Wycheproof 51',
    hash: 'sha512',
    keyMaterial: 'ad75f83c7fef898ab33a429af351c10caaf39ef27b161a6806d34f1f4f8be229',
    salt: '',
    info: '69546d578a213b7f2af101c8ef532339324d43ea',
    output: '069b7ee4b0851d49956ee1813bfe1834761fcbf4c26bb706a7cd5b3acda3262cc0ff41c615b659a1aab8',
  },
  {
    name: 'Wycheproof 58',
    hash: 'sha512',
    keyMaterial: '62dc1cecc7f444d924e20e9e3cdef183b5120b1f5bf863519826fad284c883d9',
    salt: '1956ce69bc08e45ce86f5dca57d0723a',
    info: '0cf3a7823b830f3542ed7e66b47be87c47e6da99',
    output:
      '351b18c9758fc7f144fd79b81fc9871ee8a330d16a0c26c7f7f745611aeb98ef000244e07ed7b3c14f26b3cf978ec2b6afbf15b76695d3216278d7040f7a80b9',
  },
  {
    name: 'Wycheproof 65',
    hash: 'sha512',
    keyMaterial: '26c100db697f01ab998be43afbc294cdd0554e43ad75a6ce5de4c5fa427760dc',
    salt: '80169781fc54f9c49e852e49b7246174b7017e02d2ce71bc7ce851b82151688b34ce1f203930e00b7f6e8d56b51b3d33d688fe24dc17a935332ed32372cad575',
    info: '',
    output: 'a048996420f03255db2009764b349859683baad26a5c8fea6c1651c22c5ba0d65ec13e049273c56156ca',
  },
  {
    name: 'Wycheproof 79',
    hash: 'sha512',
    keyMaterial:
      'ddba77f227f237c791c07ee7e1ce9d933ecad3614212cc98d4f12afc90a3b21f4c7c3b4c54f44ad7d1e8ce45cd36aad5cb0bbf84e90cb054a1e7dc558690c5fa',
    salt: '1264271934b6a44600000000000000000000000000000000',
    info: '6b478027231379b6bbed6c61732aad5636b5aab2',
    output: 'a2d9e9a4248a1f7f42ba1f58119012d9bfac2693d8a7a7570bee13221ede1f98',
  },
]

/** In hexadecimal. */
export interface CounterKdfCase {
  readonly name: string
  readonly hash: HashName
  readonly key: string
  readonly fixedInput: string
  readonly output: string
}

/** NIST CAVP, KBKDF in counter mode (CAVS 14.4): a counter of 32 bits before the fixed input. */
export const COUNTER_KDF_CASES: readonly CounterKdfCase[] = [
  {
    name: 'CAVP HMAC-SHA256, count 0',
    hash: 'sha256',
    key: 'dd1d91b7d90b2bd3138533ce92b272fbf8a369316aefe242e659cc0ae238afe0',
    fixedInput:
      '01322b96b30acd197979444e468e1c5c6859bf1b1cf951b7e725303e237e46b864a145fab25e517b08f8683d0315bb2911d80a0e8aba17f3b413faac',
    output: '10621342bfb0fd40046c0e29f2cfdbf0',
  },
  {
    name: 'CAVP HMAC-SHA256, count 10',
    hash: 'sha256',
    key: 'e204d6d466aad507ffaf6d6dab0a5b26152c9e21e764370464e360c8fbc765c6',
    fixedInput:
      '7b03b98d9f94b899e591f3ef264b71b193fba7043c7e953cde23bc5384bc1a6293580115fae3495fd845dadbd02bd6455cf48d0f62b33e62364a3a80',
    output: '770dfab6a6a4a4bee0257ff335213f78d8287b4fd537d5c1fffa956910e7c779',
  },
  {
    name: 'CAVP HMAC-SHA256, count 30',
    hash: 'sha256',
    key: 'c4bedbddb66493e7c7259a3bbbc25f8c7e0ca7fe284d92d431d9cd99a0d214ac',
    fixedInput:
      '1c69c54766791e315c2cc5c47ecd3ffab87d0d273dd920e70955814c220eacace6a5946542da3dfe24ff626b4897898cafb7db83bdff3c14fa46fd4b',
    output: '1da47638d6c9c4d04d74d4640bbd42ab814d9e8cc22f4326695239f96b0693f12d0dd1152cf44430',
  },
  {
    name: 'CAVP HMAC-SHA384, count 0',
    hash: 'sha384',
    key: '216ed044769c4c3908188ece61601af8819c30f501d12995df608e06f5e0e607ab54f542ee2da41906dfdb4971f20f9d',
    fixedInput:
      '638e9506a2c7be69ea346b84629a010c0e225b7548f508162c89f29c1ddbfd70472c2b58e7dc8aa6a5b06602f1c8ed4948cda79c62708218e26ac0e2',
    output: 'd4b144bb40c7cabed13963d7d4318e72',
  },
  {
    name: 'CAVP HMAC-SHA384, count 10',
    hash: 'sha384',
    key: '8fca201473433f2dc8f6ae51e48de1a5654ce687e711d2d65f0dc5da6fee9a6a3db9d8535d3e4455ab53d35850c88272',
    fixedInput:
      '195bd88aa2d4211912334fe2fd9bd24522f7d9fb08e04747609bc34f2538089a9d28bbc70b2e1336c3643753cec6e5cd3f246caa915e3c3a6b94d3b6',
    output: 'f51ac86b0f462388d189ed0197ef99c2ff3a65816d8442e5ea304397b98dd11f',
  },
  {
    name: 'CAVP HMAC-SHA384, count 20',
    hash: 'sha384',
    key: 'bc3157b8932e88d1b1cf8e4622137010a242d3527b1d23d6d9c0db9cc9edfc20e5135de823977bf4defafae44d6cdab6',
    fixedInput:
      'b42a8e43cc2d4e5c69ee5e4f6b19ff6b8071d26bab4dfe45650b92b1f47652d25162d4b61441d8448c54918ae568ae2fb53091c624dbfffacee51d88',
    output: '91314bdf542162031643247d6507838eaba50f1a',
  },
  {
    name: 'CAVP HMAC-SHA384, count 30',
    hash: 'sha384',
    key: '582f968a54b8797b9ea8c655b42e397adb73d773b1984b1e1c429cd597b8015d2f91d59e4136a9d523bf6491a4733c7a',
    fixedInput:
      'e6d3c193eff34e34f8b7b00e66565aeb01f63206bb27e27aa281592afc06ae1ec5b7eb97a39684ce773d7c3528f2667c1f5d428406e78ce4cf39f652',
    output: '691726c111e5030b5f9657069107861ecc18bc5835a814c3d2e5092c901cb1fb6c1a7cd3eb0be2a7',
  },
  {
    name: 'CAVP HMAC-SHA512, count 0',
    hash: 'sha512',
    key: 'dd5dbd45593ee2ac139748e7645b450f223d2ff297b73fd71cbcebe71d41653c950b88500de5322d99ef18dfdd30428294c4b3094f4c954334e593bd982ec614',
    fixedInput:
      'b50b0c963c6b3034b8cf19cd3f5c4ebe4f4985af0c03e575db62e6fdf1ecfe4f28b95d7ce16df85843246e1557ce95bb26cc9a21974bbd2eb69e8355',
    output: 'e5993bf9bd2aa1c45746042e12598155',
  },
  {
    name: 'CAVP HMAC-SHA512, count 30',
    hash: 'sha512',
    key: 'a9f4a2c5af839867f5db5a1e520ab3cca72a166ca60de512fd7fe7e64cf94f92cf1d8b636175f293e003275e021018c3f0ede495997a505ec9a2afeb0495be57',
    fixedInput:
      '8e9db3335779db688bcfe096668d9c3bc64e193e3529c430e68d09d56c837dd6c0f94678f121a68ee1feea4735da85a49d34a5290aa39f7b40de435f',
    output: '6db880daac98b078ee389a2164252ded61322d661e2b49247ea921e544675d8f17af2bf66dd40d81',
  },
]
