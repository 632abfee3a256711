using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>Writes stored values as a pickle of protocol 2, as <c>torch.save</c> does.</summary>
internal sealed class PickleWriter
{
    private const int MaximumDepth = 200;
    private const char True = '\x88';
    private const char False = '\x89';

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Func<StoredTensor, string> _storageKey;
    private int _depth;

    private PickleWriter(Func<StoredTensor, string> storageKey) => _storageKey = storageKey;

    /// <summary>The pickle of a value.</summary>
    /// <param name="root">The value.</param>
    /// <param name="storageKey">Gives each tensor's storage its key.</param>
    internal static ReadOnlyMemory<byte> Write(StoredValue root, Func<StoredTensor, string> storageKey)
    {
        var writer = new PickleWriter(storageKey);
        writer.Put([0x80, 2]);
        writer.Value(root);
        writer.Code('.');
        return writer._bytes.WrittenMemory;
    }

    private void Value(StoredValue value)
    {
        if (++_depth > MaximumDepth)
        {
            throw new CheckpointException(
                $"Checkpoint: values must be nested at most {MaximumDepth} deep, found more. "
                + "Does a list or dictionary hold itself?");
        }

        switch (value)
        {
            case StoredScalar scalar:
                Scalar(scalar);
                break;
            case StoredTensor tensor:
                TensorCall(tensor);
                break;
            case StoredDictionary dictionary:
                Dictionary(dictionary);
                break;
            case StoredList list:
                List(list);
                break;
            default:
                Name(value);
                break;
        }

        _depth--;
    }

    private void Scalar(StoredScalar scalar)
    {
        switch (scalar.Value)
        {
            case null:
                Code('N');
                break;
            case bool truth:
                Code(truth ? True : False);
                break;
            case long integer:
                Integer(integer);
                break;
            case BigInteger integer:
                LongInteger(integer);
                break;
            case double real:
                Real(real);
                break;
            case string text:
                Text(text);
                break;
            default:
                Bytes((byte[])scalar.Value);
                break;
        }
    }

    private void Integer(long value)
    {
        if (value is >= 0 and <= byte.MaxValue)
        {
            Put([(byte)'K', (byte)value]);
        }
        else if (value is >= int.MinValue and <= int.MaxValue)
        {
            Span<byte> bytes = stackalloc byte[5];
            bytes[0] = (byte)'J';
            BinaryPrimitives.WriteInt32LittleEndian(bytes[1..], (int)value);
            Put(bytes);
        }
        else
        {
            LongInteger(value);
        }
    }

    private void LongInteger(BigInteger value)
    {
        var bytes = value.ToByteArray();
        if (bytes.Length > byte.MaxValue)
        {
            throw new CheckpointException(
                $"Checkpoint: a whole number must have at most 255 bytes, found {bytes.Length}. Write it as text.");
        }

        Put([0x8a, (byte)bytes.Length]);
        Put(bytes);
    }

    private void Real(double value)
    {
        Span<byte> bytes = stackalloc byte[9];
        bytes[0] = (byte)'G';
        BinaryPrimitives.WriteDoubleBigEndian(bytes[1..], value);
        Put(bytes);
    }

    private void Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> head = stackalloc byte[5];
        head[0] = (byte)'X';
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], utf8.Length);
        Put(head);
        Put(utf8);
    }

    // Protocol 2 has no bytes: Python writes a text whose characters are the bytes, and a call that makes them bytes
    // again.
    private void Bytes(byte[] bytes)
    {
        Global("_codecs", "encode");
        Text(Encoding.Latin1.GetString(bytes));
        Text("latin1");
        Put([0x86, (byte)'R']);
    }

    private void List(StoredList list)
    {
        if (list.Kind == StoredSequenceKind.Set)
        {
            Global("__builtin__", "set");
        }

        if (list.Kind != StoredSequenceKind.Tuple)
        {
            Code(']');
        }

        Code('(');
        foreach (var item in list)
        {
            Value(item);
        }

        Code(list.Kind == StoredSequenceKind.Tuple ? 't' : 'e');
        if (list.Kind == StoredSequenceKind.Set)
        {
            Put([0x85, (byte)'R']);
        }
    }

    private void Dictionary(StoredDictionary dictionary)
    {
        if (dictionary.IsOrdered)
        {
            EmptyOrderedDictionary();
        }
        else
        {
            Code('}');
        }

        Code('(');
        foreach (var (key, value) in dictionary)
        {
            Value(key);
            Value(value);
        }

        Code('u');
        if (dictionary is { IsOrdered: true, Attributes: not null })
        {
            Value(dictionary.Attributes);
            Code('b');
        }
    }

    // torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)
    private void TensorCall(StoredTensor tensor)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Code('(');
        Code('(');
        Text("storage");
        Global("torch", TorchTypes.StorageName(tensor.Type));
        Text(_storageKey(tensor));
        Text("cpu");
        Integer(tensor.Storage.ByteLength / tensor.Type.ElementSize());
        Code('t');
        Code('Q');
        Integer(tensor.StorageOffset);
        Sizes(tensor.Shape);
        Sizes(tensor.Strides);
        Code(tensor.RequiresGrad ? True : False);
        EmptyOrderedDictionary();
        Code('t');
        Code('R');
    }

    private void Sizes(IReadOnlyList<long> sizes)
    {
        Code('(');
        foreach (var size in sizes)
        {
            Integer(size);
        }

        Code('t');
    }

    // Only names of element types: any other name would make Python load whatever it names.
    private void Name(StoredValue value)
    {
        if (TorchTypes.OfDType(value) is null)
        {
            throw new CheckpointException(
                $"Checkpoint: only plain values and tensors can be written, found {value}. Leave it out.");
        }

        Global("torch", ((StoredGlobal)value).Name);
    }

    private void EmptyOrderedDictionary()
    {
        Global("collections", "OrderedDict");
        Code(')');
        Code('R');
    }

    private void Global(string module, string name) => Put(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    private void Code(char code) => Put((byte)code);

    private void Put(params ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);
}
