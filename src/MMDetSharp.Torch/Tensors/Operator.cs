using System.Runtime.InteropServices;

using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Tensors;

/// <summary>One operator of libtorch's dispatcher. It is looked up at its first call.</summary>
/// <param name="name">With its name space: <c>aten::add</c>.</param>
/// <param name="overload">As in the schema: <c>Tensor</c>, or empty.</param>
internal sealed unsafe class Operator(string name, string overload = "")
{
    private const int MaxResults = 8;
    private const int StackWords = 256;
    private nint _handle;

    /// <summary>Calls an operator whose result is one tensor.</summary>
    internal Tensor Call(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        Require(1, Invoke(arguments, &result, 1));
        return result.Tag == ValueTag.Tensor ? new Tensor((nint)result.Payload) : throw Unexpected(result);
    }

    /// <summary>Calls an operator that changes its first argument in place.</summary>
    internal void Run(params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MaxResults];
        var count = Invoke(arguments, results, MaxResults);
        for (var i = 0; i < count; i++)
        {
            if (results[i].Tag == ValueTag.Tensor)
            {
                Native.TensorFree((nint)results[i].Payload);
            }
        }
    }

    /// <summary>Calls an operator whose results are several tensors.</summary>
    internal Tensor[] CallMany(params ReadOnlySpan<Value> arguments)
    {
        var results = stackalloc NativeValue[MaxResults];
        var tensors = new Tensor[Invoke(arguments, results, MaxResults)];
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i] = new Tensor((nint)results[i].Payload);
        }

        return tensors;
    }

    /// <summary>Calls an operator whose result is one list of tensors.</summary>
    internal Tensor[] CallList(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        Require(1, Invoke(arguments, &result, 1));
        if (result.Tag != ValueTag.TensorList)
        {
            throw Unexpected(result);
        }

        var handles = new ReadOnlySpan<nint>((void*)result.Payload, (int)result.Count);
        var tensors = new Tensor[handles.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i] = new Tensor(handles[i]);
        }

        Native.ListFree((nint)result.Payload);
        return tensors;
    }

    /// <summary>Calls an operator whose result is a number or a truth value.</summary>
    internal double CallNumber(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        Require(1, Invoke(arguments, &result, 1));
        return result.Tag switch
        {
            ValueTag.Double => BitConverter.Int64BitsToDouble(result.Payload),
            ValueTag.Int or ValueTag.Bool => result.Payload,
            _ => throw Unexpected(result),
        };
    }

    private int Invoke(ReadOnlySpan<Value> arguments, NativeValue* results, int capacity)
    {
        var handle = Find();
        var words = 0;
        foreach (ref readonly var argument in arguments)
        {
            words += argument.ScratchWords;
        }

        if (words <= StackWords)
        {
            var scratch = stackalloc long[words];
            return InvokeWith(handle, arguments, scratch, results, capacity);
        }

        var memory = (long*)NativeMemory.Alloc((nuint)words, sizeof(long));
        try
        {
            return InvokeWith(handle, arguments, memory, results, capacity);
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    // Not out into the field: it would be 0 again for a moment, while other threads call what they have found.
    private nint Find()
    {
        var handle = Volatile.Read(ref _handle);
        if (handle == 0)
        {
            Native.Check(Native.OperatorFind(name, overload, out handle), name);
            Volatile.Write(ref _handle, handle);
        }

        return handle;
    }

    private int InvokeWith(
        nint handle, ReadOnlySpan<Value> arguments, long* scratch, NativeValue* results, int capacity)
    {
        var native = stackalloc NativeValue[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i].Write(&native[i], scratch);
            scratch += arguments[i].ScratchWords;
        }

        var status = Native.OperatorCall(handle, native, arguments.Length, results, capacity, out var count);
        foreach (ref readonly var argument in arguments)
        {
            GC.KeepAlive(argument.Reference);
        }

        Native.Check(status, name);
        return count;
    }

    private void Require(int expected, int count)
    {
        if (count != expected)
        {
            throw new TorchException($"{name}: expected {expected} result, got {count}.");
        }
    }

    private TorchException Unexpected(NativeValue result) =>
        new($"{name}: the result has the unexpected kind {result.Tag}.");
}
