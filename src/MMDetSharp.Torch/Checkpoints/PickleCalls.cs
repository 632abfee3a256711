using System.Text;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>The calls of pickles that are understood as data. Every other call becomes an inert object.</summary>
internal static class PickleCalls
{
    private delegate StoredValue? Maker(PickleSource source, StoredList arguments);

    private static readonly Dictionary<string, Maker> Known = new()
    {
        ["torch._utils._rebuild_tensor"] = RebuildTensor,
        ["torch._utils._rebuild_tensor_v2"] = RebuildTensor,
        ["torch._utils._rebuild_tensor_v3"] = RebuildTensor,
        ["torch._utils._rebuild_parameter"] = RebuildParameter,
        ["torch._utils._rebuild_parameter_with_state"] = RebuildParameter,
        ["torch._tensor._rebuild_from_type_v2"] = RebuildFromType,
        ["torch.Size"] = (_, arguments) => Sequence(arguments, StoredSequenceKind.Tuple),
        ["torch.device"] = Device,
        ["collections.OrderedDict"] = (_, arguments) => Dictionary(arguments, isOrdered: true),
        ["collections.defaultdict"] = (_, _) => new StoredDictionary(),
        ["builtins.dict"] = (_, arguments) => Dictionary(arguments, isOrdered: false),
        ["builtins.list"] = (_, arguments) => Sequence(arguments, StoredSequenceKind.List),
        ["builtins.tuple"] = (_, arguments) => Sequence(arguments, StoredSequenceKind.Tuple),
        ["builtins.set"] = (_, arguments) => Sequence(arguments, StoredSequenceKind.Set),
        ["builtins.frozenset"] = (_, arguments) => Sequence(arguments, StoredSequenceKind.Set),
        ["builtins.bytes"] = Bytes,
        ["builtins.bytearray"] = Bytes,
        ["_codecs.encode"] = Bytes,
        ["copyreg._reconstructor"] = Reconstructor,
        ["numpy.dtype"] = (_, arguments) => PickleArrays.Type(arguments),
        ["numpy.core.multiarray._reconstruct"] = (_, arguments) => PickleArrays.Array(arguments),
        ["numpy.core.multiarray.scalar"] = (_, arguments) => PickleArrays.Scalar(arguments),
    };

    /// <summary>
    /// What the call would give, where it is known, or an inert object that says what was to be called.
    /// </summary>
    internal static StoredValue Make(PickleSource source, StoredValue callable, StoredList arguments)
    {
        var (module, name) = callable switch
        {
            StoredGlobal known => (Modern(known.Module), known.Name),
            StoredObject unknown => (unknown.Module, unknown.Name + "()"),
            _ => throw source.Fail($"a call needs a class or function, found {callable}"),
        };
        var made = Known.TryGetValue($"{module}.{name}", out var maker) ? maker(source, arguments) : null;
        return made ?? new StoredObject(module, name, arguments);
    }

    // Python 2 and numpy 2 have other names for the same modules.
    private static string Modern(string module) => module switch
    {
        "__builtin__" => "builtins",
        "copy_reg" => "copyreg",
        "numpy._core.multiarray" => "numpy.core.multiarray",
        _ => module,
    };

    // (storage, offset, shape, strides, requires_grad, hooks[, dtype]): the type is the storage's unless it is untyped.
    private static StoredTensor? RebuildTensor(PickleSource source, StoredList arguments)
    {
        if (arguments is not
            [StoredStorage storage, StoredScalar { Value: long offset }, StoredList shape, StoredList strides, ..])
        {
            throw source.Fail($"a tensor needs storage, offset, shape and strides, found {arguments}");
        }

        var type = arguments.Count > 6 ? TorchTypes.OfDType(arguments[6]) ?? storage.Type : storage.Type;
        var layout = new StoredLayout(Sizes(shape), Sizes(strides), offset);
        layout.RequireInside(storage.Bytes.ByteLength, type);
        return new StoredTensor(storage.Bytes, type, layout)
        {
            RequiresGrad = arguments.Count > 4 && arguments[4] is StoredScalar { Value: true },
        };
    }

    private static long[] Sizes(StoredList list) => [.. list.Select(size => size.AsInt64())];

    // (data, requires_grad, hooks): the parameter is its data.
    private static StoredTensor? RebuildParameter(PickleSource source, StoredList arguments) =>
        arguments is [StoredTensor data, ..]
            ? data.RequiringGrad(arguments.Count > 1 && arguments[1] is StoredScalar { Value: true })
            : null;

    // (function, class, arguments, state): a tensor with attributes; the attributes are left out.
    private static StoredValue? RebuildFromType(PickleSource source, StoredList arguments) =>
        arguments is [StoredGlobal function, _, StoredList inner, ..] && function.Name != "_rebuild_from_type_v2"
            ? Make(source, function, inner)
            : null;

    private static StoredValue? Device(PickleSource source, StoredList arguments) => arguments switch
    {
        [StoredScalar { Value: string name }] => name,
        [StoredScalar { Value: string name }, StoredScalar { Value: long index }] => $"{name}:{index}",
        _ => null,
    };

    private static StoredDictionary? Dictionary(StoredList arguments, bool isOrdered)
    {
        var dictionary = new StoredDictionary { IsOrdered = isOrdered };
        foreach (var pair in arguments is [StoredList pairs] ? pairs : [])
        {
            if (pair is not StoredList { Count: 2 } entry)
            {
                return null;
            }

            dictionary.Set(entry[0], entry[1]);
        }

        return arguments is [] or [StoredList] ? dictionary : null;
    }

    private static StoredList? Sequence(StoredList arguments, StoredSequenceKind kind) => arguments switch
    {
        [] => new StoredList([], kind),
        [StoredList items] => new StoredList(items, kind),
        _ => null,
    };

    // Protocol 2 writes bytes as a text whose characters are the bytes.
    private static StoredScalar? Bytes(PickleSource source, StoredList arguments) => arguments switch
    {
        [] => new StoredScalar(Array.Empty<byte>()),
        [StoredScalar { Value: byte[] bytes }] => new StoredScalar(bytes),
        [StoredScalar { Value: string text }, StoredScalar { Value: "latin1" or "latin-1" }] =>
            new StoredScalar(Encoding.Latin1.GetBytes(text)),
        [StoredScalar { Value: string text }, StoredScalar { Value: "utf-8" or "utf8" }] =>
            new StoredScalar(Encoding.UTF8.GetBytes(text)),
        _ => null,
    };

    // (class, base, state of the base): how protocol 0 and 1 write objects.
    private static StoredObject? Reconstructor(PickleSource source, StoredList arguments) =>
        arguments is [StoredGlobal type, ..] ? new StoredObject(type.Module, type.Name, arguments) : null;
}
