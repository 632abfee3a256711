using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Files;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Checkpoints;

/// <summary>Python's PyTorch opens what we write, and we read what it writes.</summary>
public sealed class PythonRoundTripTests
{
    [PythonTorchFact]
    public void Write_Checkpoint_OpensInPython()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("epoch_1.pth");
        Checkpoint.Write(path, CheckpointWriteTests.Content());

        var output = PythonTorch.Run("""
            import sys, torch, collections
            c = torch.load(sys.argv[1])
            w = c['state_dict']['backbone.conv1.weight']
            assert type(c['state_dict']) is collections.OrderedDict and list(c) == ['meta', 'state_dict', 'optimizer']
            assert c['meta'] == {'epoch': 1, 'CLASSES': ('person',)}, c['meta']
            assert c['state_dict']['backbone.bn1.num_batches_tracked'].item() == 9
            assert c['optimizer']['param_groups'] == [{'lr': 0.01, 'params': [0]}]
            assert torch.equal(c['optimizer']['state'][0]['momentum_buffer'], w)
            print(w.dtype, tuple(w.shape), w.flatten().tolist())
            """, path);

        Assert.Equal("torch.float32 (2, 3) [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]", output.Trim());
    }

    [PythonTorchFact]
    public void Write_WithZip64Numbers_OpensInPython()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("wide.pth");
        var root = CheckpointWriteTests.Content().ToRoot();
        AtomicFile.Write(path, stream => new TorchZipWriter(stream, wideFrom: 2).Write(root));

        var output = PythonTorch.Run("""
            import sys, torch, zipfile
            assert zipfile.ZipFile(sys.argv[1]).testzip() is None
            print(torch.load(sys.argv[1])['state_dict']['backbone.conv1.weight'].sum().item())
            """, path);

        Assert.Equal("21.0", output.Trim());
    }

    [PythonTorchFact]
    public void Read_FilesOfPython_HaveTheValuesOfAllTypes()
    {
        using var folder = new TemporaryFolder();
        PythonTorch.Run("""
            import sys, torch, collections, numpy
            types = ['uint8', 'int8', 'int16', 'int32', 'int64', 'float16', 'float32', 'float64', 'bfloat16', 'bool']
            d = collections.OrderedDict((t, torch.arange(6).reshape(2, 3).to(getattr(torch, t))) for t in types)
            d['transposed'] = d['float32'].t()
            d['last'] = d['float32'][1]
            d['parameter'] = torch.nn.Parameter(torch.ones(2))
            array = numpy.arange(6.).reshape(2, 3)
            meta = {'array': array, 'fortran': numpy.asfortranarray(array), 'big': numpy.arange(3, dtype='>i4'),
                    'number': numpy.float32(0.5), 'count': numpy.int64(-7), 'size': torch.Size([2, 3]),
                    'device': torch.device('cuda:1'), 'type': torch.float16, 'bytes': b'\x00\xff',
                    'big_int': 2 ** 70, 'frozen': frozenset([1])}
            root = {'state_dict': d, 'meta': meta}
            for p in (2, 3, 4):
                torch.save(root, f'{sys.argv[1]}/zip{p}.pth', pickle_protocol=p)
                torch.save(root, f'{sys.argv[1]}/legacy{p}.pth', pickle_protocol=p,
                           _use_new_zipfile_serialization=False)
            """, folder.Path);

        foreach (var path in Directory.EnumerateFiles(folder.Path))
        {
            using var checkpoint = Checkpoint.Read(path);
            AssertTypes(checkpoint);
            AssertMeta(checkpoint.Meta);
        }
    }

    [PythonTorchFact]
    public void Read_PicklesOfAllProtocols_AreTheSame()
    {
        using var folder = new TemporaryFolder();
        PythonTorch.Run("""
            import sys, pickle, argparse, decimal
            shared = ['x']
            value = {'int': -5, 'big': -2 ** 80, 'real': 1e-3, 'text': 'a\u732b\\u0041\n',
                     'bytes': bytes(range(256)), 'array': bytearray(b'ab'), 'set': {1, 2}, 'frozen': frozenset([3]),
                     'tuple': (1, (2, 3), (1, 2, 3, 4)), 'shared': [shared, shared], 'long': list(range(3000)),
                     'namespace': argparse.Namespace(lr=0.1), 'bool': [True, False, None],
                     'decimal': decimal.Decimal('1.5'), 'empty': [(), [], {}]}
            for p in range(6):
                open(f'{sys.argv[1]}/{p}.pkl', 'wb').write(pickle.dumps(value, p))
            """, folder.Path);

        for (var protocol = 0; protocol < 6; protocol++)
        {
            using var file = CheckpointFiles.Map(folder.Under(FormattableString.Invariant($"{protocol}.pkl")));
            AssertPlain(new PickleMachine(new PickleSource(file, 0, file.Length), id => id).Run().AsDictionary());
        }
    }

    [PythonTorchFact]
    public void Write_Safetensors_OpensInPython()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("a.safetensors");
        var metadata = new Dictionary<string, string> { ["format"] = "pt" };
        SafetensorsFile.Write(path, CheckpointWriteTests.Content().State, metadata);

        var output = PythonTorch.Run("""
            import sys, json, struct, numpy
            b = open(sys.argv[1], 'rb').read()
            n = struct.unpack('<Q', b[:8])[0]
            h = json.loads(b[8:8 + n])
            s, e = h['backbone.conv1.weight']['data_offsets']
            print(n % 8, h['__metadata__'], numpy.frombuffer(b[8 + n:][s:e], '<f4').tolist())
            """, path);

        Assert.Equal("0 {'format': 'pt'} [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]", output.Trim());
    }

    private static void AssertTypes(Checkpoint checkpoint)
    {
        foreach (var type in Enum.GetValues<ScalarType>())
        {
            var tensor = checkpoint.State[type.ToString().ToLowerInvariant()];
            Assert.Equal(type, tensor.Type);
            Assert.Equal(type == ScalarType.Bool ? [0, 1, 1, 1, 1, 1] : [0, 1, 2, 3, 4, 5], StoredNumbers.Of(tensor));
        }

        Assert.Equal([0, 3, 1, 4, 2, 5], StoredNumbers.Of(checkpoint.State["transposed"]));
        Assert.Equal([3, 4, 5], StoredNumbers.Of(checkpoint.State["last"]));
        Assert.True(checkpoint.State["last"].SharesStorageWith(checkpoint.State["transposed"]));
        Assert.True(checkpoint.State["parameter"].RequiresGrad);
    }

    private static void AssertMeta(StoredDictionary meta)
    {
        Assert.Equal([0, 1, 2, 3, 4, 5], StoredNumbers.Of(meta["array"].AsTensor()));
        Assert.Equal([0, 1, 2, 3, 4, 5], StoredNumbers.Of(meta["fortran"].AsTensor()));
        Assert.Equal([0, 1, 2], StoredNumbers.Of(meta["big"].AsTensor()));
        Assert.Equal(0.5, meta["number"].AsDouble());
        Assert.Equal(-7, meta["count"].AsInt64());
        Assert.Equal([2, 3], meta["size"].AsList().Select(size => size.AsInt64()));
        Assert.Equal("cuda:1", meta["device"].AsString());
        Assert.Equal("torch.float16", meta["type"].ToString());
        Assert.Equal(new byte[] { 0, 255 }, Assert.IsType<StoredScalar>(meta["bytes"]).Value);
        Assert.Equal(Math.Pow(2, 70), meta["big_int"].AsDouble());
        Assert.Equal(1, Assert.Single(meta["frozen"].AsList()).AsInt64());
    }

    private static void AssertPlain(StoredDictionary value)
    {
        Assert.Equal(-5, value["int"].AsInt64());
        Assert.Equal(-Math.Pow(2, 80), value["big"].AsDouble());
        Assert.Equal(1e-3, value["real"].AsDouble());
        Assert.Equal("a猫\\u0041\n", value["text"].AsString());
        Assert.Equal(
            Enumerable.Range(0, 256).Select(item => (byte)item), (byte[])((StoredScalar)value["bytes"]).Value!);
        Assert.Equal("ab"u8.ToArray(), ((StoredScalar)value["array"]).Value);
        Assert.Equal([1, 2], value["set"].AsList().Select(item => item.AsInt64()).Order());
        Assert.Equal(4, value["tuple"].AsList()[2].AsList().Count);
        Assert.Same(value["shared"].AsList()[0], value["shared"].AsList()[1]);
        Assert.Equal(0.1, Assert.IsType<StoredObject>(value["namespace"]).Attribute("lr")!.AsDouble());
        Assert.Equal(["True", "False", "None"], value["bool"].AsList().Select(item => item.ToString()));
        Assert.Equal(2999, value["long"].AsList()[^1].AsInt64());
        Assert.Equal("Decimal", Assert.IsType<StoredObject>(value["decimal"]).Name);
        Assert.Equal(3, value["empty"].AsList().Count);
    }
}
