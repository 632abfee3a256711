using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

using MMDetSharp.Torch;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Cli;

/// <summary><c>mmdet env</c>: versions, capabilities, and where the libraries came from.</summary>
internal static class EnvCommand
{
    internal static Command Create()
    {
        var command = new Command("env", "Print versions, processor capability, threads, CUDA devices and libraries.");
        command.SetAction(_ =>
        {
            foreach (var (name, value) in Lines())
            {
                Console.Out.WriteLine($"{name + ":",-19} {value}");
            }
        });
        return command;
    }

    private static IEnumerable<KeyValuePair<string, string>> Lines()
    {
        var version = typeof(EnvCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        yield return new("MMDetSharp", version?.InformationalVersion ?? "unknown");
        yield return new(".NET", RuntimeInformation.FrameworkDescription);
        yield return new("system", $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}");
        yield return new("processors", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        foreach (var line in TorchRuntime.Describe())
        {
            yield return line;
        }

        yield return new("CUDA devices", TorchRuntime.CudaDeviceCount.ToString(CultureInfo.InvariantCulture));
        yield return new("torchvision file", VisionLibrary());
    }

    private static string VisionLibrary()
    {
        try
        {
            VisionOperators.Load();
            return VisionOperators.LoadedFrom;
        }
        catch (TorchException error)
        {
            return $"none ({error.Message})";
        }
    }
}
