using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

using MMDetSharp.Torch.Interop;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Compilation;

/// <summary>
/// A network recorded from one run of its C# code, for fast inference and for other programs. On the CPU, convolutions
/// take in the normalisation, sum and activation that follow them, and maps stay in the layout of the processor's
/// kernels. It gives the results of the C# code to the rounding of floats, at every size.
/// </summary>
/// <remarks>
/// The recording holds operations on tensors, and every number that the C# code took from one (a size, an item) as a
/// constant. Code that needs a size uses <see cref="Ops.Functional.ResizeNearestLike"/> and the like.
/// It shares the module's tensors, and must be made anew when they change.
/// </remarks>
public sealed unsafe class CompiledModule : IDisposable
{
    private const int MaxOutputs = 256;
    private readonly ProgramHandle _program;

    private CompiledModule(ProgramHandle program) => _program = program;

    /// <summary>Records a layer; see the other form.</summary>
    public static CompiledModule Trace(Layer layer, Tensor example) =>
        Trace(layer, input => [layer.Call(input)], example);

    /// <summary>Records one run of <paramref name="forward"/>.</summary>
    /// <param name="module">The owner of all parameters and buffers that take part; in evaluation mode.</param>
    /// <param name="forward">The network: one input to its results.</param>
    /// <param name="example">(B, C, H, W): any small input; results at other sizes do not depend on it.</param>
    /// <exception cref="InvalidOperationException">The module is in training mode.</exception>
    /// <exception cref="TorchException">An operation could not be recorded.</exception>
    public static CompiledModule Trace(
        Module module, Func<Tensor, IReadOnlyList<Tensor>> forward, Tensor example)
    {
        var compiled = TryTrace(module, forward, example, out var failure);
        failure?.Throw();
        return compiled!;
    }

    /// <summary>
    /// Records one run on a small example; where the network refuses that, on the images themselves, so that an error
    /// speaks of their size and a network that needs larger images than the example is recorded all the same.
    /// </summary>
    /// <param name="module">As in the other form.</param>
    /// <param name="forward">As in the other form.</param>
    /// <param name="example">As in the other form.</param>
    /// <param name="images">(B, C, H, W): what the network is to run on.</param>
    /// <exception cref="InvalidOperationException">The module is in training mode.</exception>
    /// <exception cref="TorchException">An operation could not be recorded.</exception>
    public static CompiledModule Trace(
        Module module, Func<Tensor, IReadOnlyList<Tensor>> forward, Tensor example, Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return TryTrace(module, forward, example, out _) ?? Trace(module, forward, images);
    }

    /// <summary>Opens a TorchScript file; its method <c>forward</c> takes and gives tensors.</summary>
    /// <exception cref="TorchException">The file is missing or is none.</exception>
    public static CompiledModule Load(string path)
    {
        Native.Check(NativeProgram.Load(path, out var program));
        return new CompiledModule(program);
    }

    /// <summary>Forward pass of the compiled network.</summary>
    /// <param name="inputs">Borrowed; of any size, on the CPU or the device of the module.</param>
    /// <returns>The results, which belong to the caller.</returns>
    /// <exception cref="TorchException">An operation failed.</exception>
    public Tensor[] Run(params ReadOnlySpan<Tensor> inputs)
    {
        var handles = stackalloc nint[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            handles[i] = inputs[i].Handle;
        }

        var results = stackalloc nint[MaxOutputs];
        Native.Check(NativeProgram.Run(_program, handles, inputs.Length, results, MaxOutputs, out var count));
        var tensors = new Tensor[count];
        for (var i = 0; i < count; i++)
        {
            tensors[i] = new Tensor(results[i]);
        }

        return tensors;
    }

    /// <summary>Writes a TorchScript file, which PyTorch opens with <c>torch.jit.load</c>.</summary>
    /// <param name="path">Replaced in one step.</param>
    /// <exception cref="TorchException">The file could not be written; an older one is intact.</exception>
    public void Save(string path)
    {
        var full = Path.GetFullPath(path);
        var temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        try
        {
            Native.Check(NativeProgram.Save(_program, temporary));
            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>How the network runs on the CPU, one line a step.</summary>
    public string Describe()
    {
        Native.Check(NativeProgram.Describe(_program, out var text));
        return Marshal.PtrToStringUTF8((nint)text)!;
    }

    /// <summary>Why the network is not planned for the CPU and runs in libtorch's executor, which is slower; null where it is planned.</summary>
    public string? WhyNotPlanned
    {
        get
        {
            Native.Check(NativeProgram.WhyNotPlanned(_program, out var text));
            var reason = Marshal.PtrToStringUTF8((nint)text)!;
            return reason.Length == 0 ? null : reason;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _program.Dispose();

    // What the network itself threw is the failure.
    private static CompiledModule? TryTrace(
        Module module, Func<Tensor, IReadOnlyList<Tensor>> forward, Tensor example, out ExceptionDispatchInfo? failure)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(example);
        if (module.Training)
        {
            throw new InvalidOperationException(
                "Trace: the module must be in evaluation mode, it is in training mode. Call module.Eval() first.");
        }

        var recording = new Recording(forward);
        var context = GCHandle.Alloc(recording);
        try
        {
            var status = Trace(module.StateDict(), example, GCHandle.ToIntPtr(context), out var program);
            failure = recording.Failure;
            if (failure != null)
            {
                program.Dispose();
                return null;
            }

            Native.Check(status);
            return new CompiledModule(program);
        }
        finally
        {
            context.Free();
        }
    }

    private static int Trace(
        IReadOnlyList<StateEntry> state, Tensor example, nint context, out ProgramHandle program)
    {
        var names = state.Select(entry => Marshal.StringToCoTaskMemUTF8(entry.Name)).ToArray();
        var weights = state.Select(entry => entry.Tensor.Handle).ToArray();
        var isParameter = state.Select(entry => entry.IsParameter ? 1 : 0).ToArray();
        var input = example.Handle;
        try
        {
            fixed (nint* namesPointer = names, weightsPointer = weights)
            fixed (int* isParameterPointer = isParameter)
            {
                return NativeProgram.Trace(
                    &Record, context, &input, 1, namesPointer, weightsPointer, isParameterPointer, state.Count,
                    out program);
            }
        }
        finally
        {
            Array.ForEach(names, Marshal.FreeCoTaskMem);
        }
    }

    // No exception may pass into native code: it waits in the recording.
    [UnmanagedCallersOnly]
    private static int Record(nint context, nint* inputs, int inputCount, nint* outputs, int capacity)
    {
        var recording = (Recording)GCHandle.FromIntPtr(context).Target!;
        try
        {
            return recording.Run(inputs[0], new Span<nint>(outputs, capacity));
        }
        catch (Exception exception)
        {
            recording.Failure = ExceptionDispatchInfo.Capture(exception);
            return -1;
        }
    }

    private sealed class Recording(Func<Tensor, IReadOnlyList<Tensor>> forward)
    {
        public ExceptionDispatchInfo? Failure { get; set; }

        // The native side gets references of its own: the scope frees the tensors made here.
        public int Run(nint input, Span<nint> outputs)
        {
            using var scope = TensorScope.Begin();
            var results = forward(new Tensor(Reference(input)));
            for (var i = 0; i < results.Count; i++)
            {
                outputs[i] = Reference(results[i].Handle);
            }

            return results.Count;
        }

        private static nint Reference(nint tensor)
        {
            Native.Check(Native.TensorCloneHandle(tensor, out var reference));
            return reference;
        }
    }
}
