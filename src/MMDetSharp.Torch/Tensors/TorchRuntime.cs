using System.Runtime.InteropServices;

using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Torch.Tensors;

/// <summary>The process's libtorch: threads, devices, versions. The first use loads the native library.</summary>
public static unsafe class TorchRuntime
{
    /// <summary>Threads that one operation may use. Set it once, before the work.</summary>
    public static int Threads
    {
        get
        {
            Native.Check(Native.Threads(out var threads));
            return threads;
        }
        set => Native.Check(Native.SetThreads(value));
    }

    /// <summary>CUDA devices that can be used; 0 where there is none.</summary>
    public static int CudaDeviceCount
    {
        get
        {
            Native.Check(Native.CudaDevices(out var count));
            return count;
        }
    }

    /// <summary>The file of the native library.</summary>
    public static string NativeLibraryPath
    {
        get
        {
            _ = Threads;
            return NativeLoader.LoadedFrom;
        }
    }

    /// <summary>Asks for algorithms that give the same bits each time, where libtorch has them.</summary>
    public static void SetDeterministic(bool enabled) => Native.Check(Native.SetDeterministic(enabled ? 1 : 0));

    /// <summary>Names and values: versions, capabilities, where the libraries came from.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Describe()
    {
        Native.Check(Native.Describe(out var text));
        var lines = Marshal.PtrToStringUTF8((nint)text)!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(Split), new("native library", NativeLoader.LoadedFrom)];
    }

    /// <summary>Fails unless the device can be used.</summary>
    /// <exception cref="TorchException">There is no such device.</exception>
    public static void RequireDevice(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device.Type == DeviceType.Cuda && device.Index >= CudaDeviceCount)
        {
            throw new TorchException(
                $"Device: {device} must be one of the {CudaDeviceCount} CUDA devices found. Use --device cpu, or build " +
                "the native library against a CUDA libtorch (-DCMAKE_PREFIX_PATH).");
        }
    }

    private static KeyValuePair<string, string> Split(string line)
    {
        var parts = line.Split(": ", 2);
        return new(parts[0], parts.Length > 1 ? parts[1] : "");
    }
}
